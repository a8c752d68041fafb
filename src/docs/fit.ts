import { type Form, joined, type Page, wholeText } from './page.ts';
import { estimateTokens } from './tokens.ts';

/** A page as a reader is given it. */
export interface FittedPage {
  readonly markdown: string;
  /** About how many tokens it is. */
  readonly tokens: number;
  /** What was left out for the budget; empty when the page is whole. */
  readonly leftOut: readonly string[];
}

/** How a reader asks for a page with room for so many tokens: `docs.read("workos", { tokens = 4000 })`. */
export type Asking = (page: string, tokens: number) => string;

/**
 * A page within a budget of tokens: what matters least is said shorter until it fits, and the end of the page names
 * what was left out and how to get it. A page that does not fit at its shortest is given at its shortest.
 */
export function fitPage(page: Page, budget: number, ask: Asking): FittedPage {
  const whole = wholeText(page);
  const wholeTokens = estimateTokens(whole);
  if (wholeTokens <= budget) return { markdown: whole, tokens: wholeTokens, leftOut: [] };
  const costs = page.parts.map(({ forms }) => forms.map(({ text }) => cost(text)));
  const levels = page.parts.map(() => 0);
  const chosen = () =>
    page.parts.map(({ forms: [first, ...shorter] }, at) => formAt(first, shorter, levels[at]));
  const total = () => {
    const parts = levels.reduce((sum, level, at) => sum + (costs[at]?.[level] ?? 0), 0);
    return parts + cost(note(page, chosen(), wholeTokens, ask));
  };
  const steps: number[] = [];
  while (total() > budget) {
    const next = cheapestStep(page, levels);
    if (next === null) break;
    levels[next] = (levels[next] ?? 0) + 1;
    steps.push(next);
  }
  // One large step may have made room for what smaller ones before it gave up.
  for (const at of steps.reverse()) {
    const level = levels[at] ?? 0;
    levels[at] = level - 1;
    if (total() > budget) levels[at] = level;
  }
  const forms = chosen();
  const markdown = joined([...forms.map(({ text }) => text), note(page, forms, wholeTokens, ask)]);
  return { markdown, tokens: estimateTokens(markdown), leftOut: lacking(forms) };
}

/** One section of a page within a budget: cut between paragraphs and lines of a list, from its end. */
export function fitSection(page: string, text: string, budget: number, ask: Asking): FittedPage {
  const whole = joined([text]);
  const wholeTokens = estimateTokens(whole);
  if (wholeTokens <= budget) return { markdown: whole, tokens: wholeTokens, leftOut: [] };
  const pieces = text.split(/\n(?=\n|- )/);
  const leftOut = ['the end of this section'];
  const end = `Left out for the budget: ${leftOut[0]}. All of it is about ${wholeTokens} tokens: ${ask(page, wholeTokens)}`;
  let room = budget - cost(end);
  let count = 0;
  for (const piece of pieces) {
    room -= estimateTokens(piece);
    if (room < 0 && count > 0) break;
    count += 1;
  }
  const markdown = joined([pieces.slice(0, count).join('\n').trim(), end]);
  return { markdown, tokens: estimateTokens(markdown), leftOut };
}

/** The part that can be said shorter at the least loss; null when every part is at its shortest. */
function cheapestStep(page: Page, levels: readonly number[]): number | null {
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  page.parts.forEach(({ forms }, at) => {
    const next = forms[(levels[at] ?? 0) + 1];
    if (next === undefined || next.loss > least) return;
    best = at;
    least = next.loss;
  });
  return best;
}

function formAt(first: Form, shorter: readonly Form[], level = 0): Form {
  return level === 0 ? first : (shorter[level - 1] ?? first);
}

function lacking(forms: readonly Form[]): string[] {
  return forms.flatMap(({ lacks }) => (lacks === null ? [] : [lacks]));
}

function note(page: Page, forms: readonly Form[], wholeTokens: number, ask: Asking): string {
  const lacks = lacking(forms);
  const what = lacks.length === 0 ? 'some words' : lacks.join('; ');
  return `Left out for the budget: ${what}. The whole page is about ${wholeTokens} tokens: ${ask(page.name, wholeTokens)}`;
}

/** With the empty line between two parts. */
function cost(text: string): number {
  return text === '' ? 0 : estimateTokens(text) + 1;
}

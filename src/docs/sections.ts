/** A part of a markdown text under a heading; the text before the first heading has no title. */
export interface Section {
  readonly title: string;
  /** 2 for `##`; 1 for the text before the first. */
  readonly level: number;
  /** With its heading. */
  readonly text: string;
}

/** The sections of a markdown text by their `##` headings; what is before the first comes first, even when empty. */
export function sectionsOf(markdown: string): Section[] {
  return cut(markdown, 2);
}

/**
 * The section of a page whose heading reads so, in any case, with everything below it; null when there is none. A
 * heading may go on behind a colon or with a number in brackets: `Functions (172)` is found by `functions`.
 */
export function findSection(markdown: string, title: string): Section | null {
  const wanted = title.trim().toLowerCase();
  const sections = [2, 3].flatMap((level) => cut(markdown, level));
  return sections.find((section) => section.level > 1 && namesOf(section.title).includes(wanted)) ?? null;
}

/** The headings a page can be asked for by. */
export function sectionTitles(markdown: string): string[] {
  return [2, 3].flatMap((level) =>
    cut(markdown, level).flatMap((section) => (section.level === level ? [shortTitle(section.title)] : [])),
  );
}

function namesOf(title: string): string[] {
  return [title.toLowerCase(), shortTitle(title).toLowerCase()];
}

function shortTitle(title: string): string {
  return title.replace(/:\s.*$/, '').replace(/\s*\([^)]*\)$/, '');
}

/** A text cut at the headings of a level; one of a higher level ends what is below it. */
function cut(markdown: string, level: number): Section[] {
  const sections: { title: string; level: number; lines: string[] }[] = [{ title: '', level: 1, lines: [] }];
  let fenced = false;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) fenced = !fenced;
    const [, marks = '', title = ''] = (fenced ? null : /^(#{1,6}) (.*)$/.exec(line)) ?? [];
    if (marks.length === level) sections.push({ title, level, lines: [] });
    else if (marks !== '' && marks.length < level && sections.length > 1)
      sections.push({ title, level: 1, lines: [] });
    sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ lines, ...section }) => ({ ...section, text: lines.join('\n').trim() }));
}

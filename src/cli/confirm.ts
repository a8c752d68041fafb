import { askLine } from './ask-line.ts';
import { canAsk } from './terminal.ts';

/** Asks a person on the terminal, for whom no answer is a no; null when nobody is there to answer. */
export async function confirm(question: string): Promise<boolean | null> {
  if (!canAsk()) return null;
  const answer = await askLine(`${question} [y]es, [n]o: `);
  return answer !== null && /^y(es)?$/i.test(answer.trim());
}

import { createInterface } from 'node:readline/promises';
import { canAsk } from './terminal.ts';

/** Asks a person on the terminal; null when nobody is there to answer. */
export async function confirm(question: string): Promise<boolean | null> {
  if (!canAsk()) return null;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y]es, [n]o: `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

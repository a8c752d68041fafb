import { journalPaths } from './paths.ts';
import { spoolLength } from './spool-files.ts';

/** How many files the spool may have before a run that has ended takes them into the database. */
const mostFiles = 100;

/**
 * Takes a spool that has grown long into the database. Called when a run's output is written, so that nobody waits for
 * it; what goes wrong shows when the journal is read.
 */
export async function tidy(home: string, date: number, most: number = mostFiles): Promise<void> {
  try {
    if (spoolLength(journalPaths(home).spool) <= most) return;
    const { takeInSlowly } = await import('./store.ts');
    await takeInSlowly(home, date);
  } catch {
    // Whoever reads the journal is told.
  }
}

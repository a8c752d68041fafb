import { join } from 'node:path';

/** The journal's database and the spool that runs write to, under a user's home. */
export function journalPaths(home: string): { readonly database: string; readonly spool: string } {
  const folder = join(home, 'journal');
  return { database: join(folder, 'journal.db'), spool: join(folder, 'spool') };
}

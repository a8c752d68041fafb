import type { Database } from '../../sqlite/index.ts';
import { quoted, quotedText, replaceRows, stateTables } from './tables.ts';

/**
 * Makes the state of a database that of another file with the same schema: all of it in one transaction, so that it
 * can be served meanwhile.
 */
export function replaceState(database: Database, source: string): void {
  const tables = stateTables(database);
  database.execute(`ATTACH DATABASE ${quotedText(source)} AS source`);
  try {
    replaceRows(database, () => {
      for (const table of tables.keys()) database.execute(`DELETE FROM main.${quoted(table)}`);
      for (const [table, columns] of tables) {
        const list = columns.map(quoted).join(', ');
        database.execute(
          `INSERT INTO main.${quoted(table)} (${list}) SELECT ${list} FROM source.${quoted(table)}`,
        );
      }
    });
  } finally {
    database.execute('DETACH DATABASE source');
  }
}

/** Writes a database, as it is now, into a new file. */
export function copyTo(database: Database, file: string): void {
  database.execute(`VACUUM INTO ${quotedText(file)}`);
}

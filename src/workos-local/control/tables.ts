import type { Database } from '../../sqlite/index.ts';

/** Not part of the state: how the file came to its form, and who serves it right now. */
const left = new Set(['schema_version', 'servers']);

/** Every table that holds state, with its columns in their order. */
export function stateTables(database: Database): Map<string, string[]> {
  const names = database
    .all<{ name: string }>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
    )
    .map(({ name }) => name)
    .filter((name) => !left.has(name));
  return new Map(
    names.map((name) => [
      name,
      database
        .all<{ name: string }>('SELECT name FROM pragma_table_info(?) ORDER BY cid', [name])
        .map((column) => column.name),
    ]),
  );
}

/**
 * Replaces rows inside one transaction: references are checked at its end, and no trigger adds rows of its own to
 * those that are brought in.
 */
export function replaceRows(database: Database, work: () => void): void {
  database.write(() => {
    database.execute('PRAGMA defer_foreign_keys = ON');
    const triggers = database.all<{ name: string; sql: string }>(
      `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`,
    );
    for (const { name } of triggers) database.execute(`DROP TRIGGER ${quoted(name)}`);
    work();
    for (const { sql } of triggers) database.execute(sql);
  });
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quotedText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

import type { SqlValue } from '../../sqlite/index.ts';
import type { PageHost } from '../pages/host.ts';
import { localAccount } from '../seed/account.ts';
import { seedNow } from '../seed/seed.ts';
import type { EnvironmentRow } from './environments.ts';
import { quoted, stateTables } from './tables.ts';

/** Makes everything as it was at the first start: one environment with the seed data, no faults, the machine's time. */
export function resetAll(host: PageHost): void {
  const { database, clock } = host;
  database.write(() => {
    // References are checked when all rows are there.
    database.execute('PRAGMA defer_foreign_keys = ON');
    for (const table of stateTables(database).keys()) {
      if (table !== 'clock') database.execute(`DELETE FROM ${quoted(table)}`);
    }
    clock.reset();
    seedNow(database, clock.now());
  });
}

/**
 * Empties one environment; its key and client id stay.
 *
 * @param withSeed whether the default environment gets the seed data again
 */
export function resetEnvironment(host: PageHost, environment: EnvironmentRow, withSeed: boolean): void {
  const { database, clock } = host;
  database.write(() => {
    const row = database.get<Record<string, SqlValue>>('SELECT * FROM environments WHERE id = ?', [
      environment.id,
    ]);
    if (row === null) return;
    // What belongs to it goes with it.
    database.run('DELETE FROM environments WHERE id = ?', [environment.id]);
    if (withSeed && environment.client_id === localAccount.clientId) {
      seedNow(database, clock.now());
      return;
    }
    const columns = stateTables(database).get('environments') ?? [];
    database.run(
      `INSERT INTO environments (${columns.map(quoted).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      columns.map((column) => row[column] ?? null),
    );
  });
}

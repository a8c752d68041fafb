import type { Database, SqlValue } from '../sqlite/index.ts';
import { parseJson } from '../support/parse-json.ts';
import type { CallSummary, JournalReader, RunFilter, RunState, RunSummary } from './journal.ts';
import { openStore } from './store.ts';

/**
 * Opens what has been written down under a user's home, by this process and others.
 * @throws KosmoError `home_unusable`, `database_invalid`
 */
export function openJournal(home: string, date: number): JournalReader {
  const database = openStore(home, date);
  return {
    runs: (filter) => runs(database, filter),
    run(id) {
      const run = runOf(database, id);
      return run === null ? null : { run, calls: callsOf(database, run.id) };
    },
    close: () => database.close(),
  };
}

interface RunRow extends Omit<RunSummary, 'started_at'> {
  readonly at: number;
  readonly state: RunState;
}

const columns = `id, started_at AS at, state, command, client, user, program, script_hash, account, duration_ms, error,
  (SELECT count(*) FROM call WHERE run_id = id) AS calls,
  (SELECT count(*) FROM call WHERE run_id = id AND call.error IS NOT NULL) AS failed_calls`;

function runs(database: Database, { since, failed, functions, limit }: RunFilter): RunSummary[] {
  const wanted: string[] = ['TRUE'];
  const values: SqlValue[] = [];
  if (since !== null) {
    wanted.push('started_at >= ?');
    values.push(since);
  }
  if (failed) {
    wanted.push(
      "(state IN ('failed', 'killed') OR EXISTS (SELECT 1 FROM call WHERE run_id = id AND call.error IS NOT NULL))",
    );
  }
  if (functions !== null) {
    wanted.push(
      'EXISTS (SELECT 1 FROM call, json_each(?) AS name WHERE run_id = run.id AND function GLOB name.value)',
    );
    // Of GLOB's signs only the star means anything here.
    values.push(JSON.stringify(functions.map((name) => name.replace(/[?[]/g, '[$&]'))));
  }
  const sql = `SELECT ${columns} FROM run WHERE ${wanted.join(' AND ')} ORDER BY started_at DESC, id DESC LIMIT ?`;
  return database.all<RunRow>(sql, [...values, limit]).map(runSummary);
}

function runOf(database: Database, id: string): RunSummary | null {
  if (id === 'last')
    return runs(database, { since: null, failed: false, functions: null, limit: 1 })[0] ?? null;
  const found = database.all<RunRow>(`SELECT ${columns} FROM run WHERE id >= ? AND id < ? LIMIT 2`, [
    id,
    // After everything that begins with the id.
    `${id}~`,
  ]);
  const [only, other] = found;
  return only === undefined || other !== undefined ? null : runSummary(only);
}

function runSummary({ at, ...row }: RunRow): RunSummary {
  const { id, ...rest } = row;
  return { id, started_at: new Date(at).toISOString(), ...rest };
}

interface CallRow extends Omit<CallSummary, 'started_at' | 'arguments'> {
  readonly at: number;
  readonly arguments: string;
}

function callsOf(database: Database, run: string): CallSummary[] {
  const rows = database.all<CallRow>(
    `SELECT number, started_at AS at, function, account, effect, arguments, status, attempts, duration_ms, request_id,
       error FROM call WHERE run_id = ? ORDER BY number`,
    [run],
  );
  return rows.map(({ number, at, arguments: args, ...rest }) => {
    const { function: name, account, effect, ...outcome } = rest;
    const started_at = new Date(at).toISOString();
    return {
      number,
      started_at,
      function: name,
      account,
      effect,
      arguments: parseJson(args) ?? null,
      ...outcome,
    };
  });
}

import { readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Database, migrate } from '../sqlite/index.ts';
import { systemErrorCode } from '../support/errors.ts';
import { stringifyJson } from '../support/json.ts';
import { type CallLine, type EndLine, parseLine, type RunLine } from './lines.ts';
import { journalPaths } from './paths.ts';
import { giveBackRoom, largest, pruning } from './prune.ts';
import { journalSchema } from './schema.ts';
import { mayGoOn, spoolFiles } from './spool-files.ts';

/** How many lines of the spool are taken in at a time. */
const linesAtOnce = 500;

/**
 * Opens the journal's database and takes in what the spool holds.
 * @param bytes the most that it keeps
 * @throws KosmoError `home_unusable`, `database_invalid`
 */
export function openStore(home: string, date: number, bytes = largest): Database {
  const database = openDatabase(home, date);
  try {
    const ended: string[] = [];
    database.write(() => {
      for (const _ of takingIn(database, home, date, ended, bytes));
    });
    for (const path of ended) remove(path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Takes in what the spool holds a little at a time, for a process that has other things to do.
 * @throws KosmoError `home_unusable`, `database_invalid`
 */
export async function takeInSlowly(home: string, date: number): Promise<void> {
  const database = openDatabase(home, date);
  try {
    const ended: string[] = [];
    const steps = takingIn(database, home, date, ended, largest);
    while (database.write(() => steps.next().done) !== true) await setImmediate();
    for (const path of ended) remove(path);
  } finally {
    database.close();
  }
}

function openDatabase(home: string, date: number): Database {
  const database = Database.open(journalPaths(home).database);
  try {
    giveBackRoom(database);
    migrate(database, journalSchema, new Date(date).toISOString());
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Takes the spool's files into the database, in steps that are transactions or parts of one. Taking a line in twice
 * changes nothing, so it does no harm when several processes do this at once, or when one of them dies in between.
 * @param ended is given the files that nobody writes to any more, which may go once all of this is kept
 */
function* takingIn(
  database: Database,
  home: string,
  date: number,
  ended: string[],
  bytes: number,
): Generator<void> {
  const folder = journalPaths(home).spool;
  for (const file of spoolFiles(folder)) {
    const path = join(folder, file.name);
    const text = read(path);
    if (text === null) continue;
    const lines = text.split('\n');
    for (let from = 0; from < lines.length; from += linesAtOnce) {
      for (const line of lines.slice(from, from + linesAtOnce)) takeLine(database, line);
      yield;
    }
    if (file.ended) ended.push(path);
    // After each file: what many hold together may be far more than is kept.
    yield* pruning(database, date, bytes);
  }
  markKilled(database);
  yield* pruning(database, date, bytes);
}

function takeLine(database: Database, text: string): void {
  const line = text === '' ? null : parseLine(text);
  if (line?.kind === 'run') takeRun(database, line);
  else if (line?.kind === 'call') takeCall(database, line);
  else if (line?.kind === 'end') takeEnd(database, line);
}

function takeRun(database: Database, line: RunLine): void {
  database.run(
    `INSERT INTO run (id, started_at, host, pid, command, client, user, program, script_hash, account, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'running') ON CONFLICT (id) DO NOTHING`,
    [
      line.run,
      line.at,
      line.host,
      line.pid,
      line.command,
      line.client,
      line.user,
      line.program,
      line.script_hash,
      line.account,
    ],
  );
}

/**
 * Only a call that is settled puts another line of it out of force. A run that was taken out, because it alone was too
 * much, gets no more calls.
 */
function takeCall(database: Database, line: CallLine): void {
  database.run(
    `INSERT INTO call (run_id, number, started_at, function, account, effect, arguments, status, attempts,
       duration_ms, request_id, error)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 WHERE EXISTS (SELECT 1 FROM run WHERE id = ?1)
     ON CONFLICT (run_id, number) DO UPDATE SET
       effect = excluded.effect, status = excluded.status, attempts = excluded.attempts,
       duration_ms = excluded.duration_ms, request_id = excluded.request_id, error = excluded.error
     WHERE excluded.duration_ms IS NOT NULL`,
    [
      line.run,
      line.number,
      line.at,
      line.function,
      line.account,
      line.effect,
      stringifyJson(line.arguments),
      line.status,
      line.attempts,
      line.duration_ms,
      line.request_id,
      line.error,
    ],
  );
}

function takeEnd(database: Database, line: EndLine): void {
  database.run('UPDATE run SET state = ?, duration_ms = ?, error = ? WHERE id = ?', [
    line.error === null ? 'done' : 'failed',
    line.duration_ms,
    line.error,
    line.run,
  ]);
}

/** What has not ended in a process that has was killed. */
function markKilled(database: Database): void {
  const running = database.all<{ id: string; host: string; pid: number; at: number }>(
    "SELECT id, host, pid, started_at AS at FROM run WHERE state = 'running'",
  );
  for (const run of running) {
    if (!mayGoOn(run)) database.run("UPDATE run SET state = 'killed' WHERE id = ?", [run.id]);
  }
}

/** The file's text; null when another process has taken it away meanwhile. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    // What cannot be removed is taken in again the next time, which changes nothing.
    const code = systemErrorCode(error) ?? '';
    if (!['ENOENT', 'EACCES', 'EPERM', 'EBUSY', 'EROFS'].includes(code)) throw error;
  }
}

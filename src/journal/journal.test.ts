import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../call/testing/virtual-clock.ts';
import { Database } from '../sqlite/index.ts';
import { systemClock } from '../support/clock.ts';
import { KosmoError } from '../support/errors.ts';
import { journalPaths, type RunFilter, Spool } from './index.ts';
import { pruning } from './prune.ts';
import { openJournal } from './reader.ts';
import { openStore } from './store.ts';
import { tidy } from './tidy.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kosmo-journal-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const spoolFolder = () => journalPaths(home).spool;
const spooled = () => readdirSync(spoolFolder());
const everything: RunFilter = { since: null, failed: false, functions: null, limit: 100 };
const start = {
  command: 'integrations:lua',
  client: null,
  program: 'a.lua',
  source: 'return 1',
  account: 'work',
};
const record = {
  function: 'workos.workos_organizations_list',
  account: 'work',
  effect: 'read',
  status: 200,
  attempts: 2,
  duration_ms: 12.5,
  request_id: 'req_1',
} as const;
const beginning = { ...record, arguments: () => ({ limit: 3 }) };

function read<T>(work: (journal: ReturnType<typeof openJournal>) => T): T {
  const journal = openJournal(home, Date.now());
  try {
    return work(journal);
  } finally {
    journal.close();
  }
}
const runs = (filter: Partial<RunFilter> = {}) =>
  read((journal) => journal.runs({ ...everything, ...filter }));

/** As if the process that wrote the spool had ended: no process has this number. */
function abandon(): void {
  for (const name of spooled()) {
    renameSync(
      join(spoolFolder(), name),
      join(spoolFolder(), name.replace(`.${process.pid}.`, '.99999999.')),
    );
    const text = readFileSync(join(spoolFolder(), name.replace(`.${process.pid}.`, '.99999999.')), 'utf8');
    writeFileSync(
      join(spoolFolder(), name.replace(`.${process.pid}.`, '.99999999.')),
      text.replaceAll(`"pid":${process.pid}`, '"pid":99999999'),
    );
  }
}

describe('a run', () => {
  it('is read back with its calls, whoever ran it', () => {
    const run = new Spool(spoolFolder(), systemClock).begin({ ...start, client: 'editor 1.0' });
    const call = run.call();
    call.sending(beginning);
    call.settled(record, () => null);
    run.call().settled({ ...record, status: null, attempts: 0, error: 'denied' }, () => ({ id: 'org_1' }));
    run.end({ error: 'denied' });
    const [summary] = runs();
    expect(summary).toMatchObject({
      id: run.id,
      state: 'failed',
      command: 'integrations:lua',
      client: 'editor 1.0',
      program: 'a.lua',
      // printf 'return 1' | sha256sum
      script_hash: '486d9affb60dbb0063b03d8e23a6ccf6364ce203dc3a9f56f20e750eb41ecade',
      account: 'work',
      error: 'denied',
      calls: 2,
      failed_calls: 1,
    });
    const found = read((journal) => journal.run(run.id.slice(0, 16)));
    expect(found?.run).toEqual(summary);
    expect(found?.calls).toMatchObject([
      { number: 1, ...record, arguments: { limit: 3 }, error: null },
      { number: 2, arguments: { id: 'org_1' }, attempts: 0, error: 'denied' },
    ]);
    expect(read((journal) => journal.run('last'))?.run.id).toBe(run.id);
    expect(read((journal) => journal.run('run_'))?.run.id).toBe(run.id);
    expect(read((journal) => journal.run('run_none'))).toBeNull();
  });

  it('is found by time, failure and function', () => {
    const spool = new Spool(spoolFolder(), systemClock);
    const made = (name: string, error: string | null) => {
      const run = spool.begin(start);
      const call = { ...record, function: name };
      run.call().settled(error === null ? call : { ...call, error }, () => null);
      run.end({ error: null });
      return run.id;
    };
    const [a, b] = [made('workos.a', null), made('workos.b', 'api_error')];
    const ids = (filter: Partial<RunFilter>) => new Set(runs(filter).map(({ id }) => id));
    expect(ids({})).toEqual(new Set([a, b]));
    expect(ids({ failed: true })).toEqual(new Set([b]));
    expect(ids({ functions: ['workos.a'] })).toEqual(new Set([a]));
    expect(ids({ functions: ['*os.?', '*.b'] })).toEqual(new Set([b]));
    expect(ids({ since: Date.now() + 1_000 })).toEqual(new Set());
    expect(runs({ limit: 1 })).toHaveLength(1);
  });

  it('that changes something is on disk before the call is sent; the rest follows within 100 ms', () => {
    const clock = new VirtualClock();
    const run = new Spool(spoolFolder(), clock).begin(start);
    run.call().sending(beginning);
    expect(() => spooled()).toThrow();
    run.call().sending({ ...beginning, effect: 'write' });
    expect(readFileSync(join(spoolFolder(), spooled()[0] ?? ''), 'utf8').split('\n')).toHaveLength(4);
    run.call().sending(beginning);
    clock.advance(100);
    expect(readFileSync(join(spoolFolder(), spooled()[0] ?? ''), 'utf8').split('\n')).toHaveLength(5);
  });

  it('whose process goes on is running; one whose process was killed says so, with the calls it had sent', () => {
    const run = new Spool(spoolFolder(), systemClock).begin(start);
    run.call().sending({ ...beginning, effect: 'write' });
    expect(runs()).toMatchObject([{ state: 'running', calls: 1 }]);
    expect(spooled()).toHaveLength(1);
    rmSync(join(home, 'journal', 'journal.db'), { force: true });
    abandon();
    expect(runs()).toMatchObject([{ state: 'killed', duration_ms: null, calls: 1 }]);
    expect(read((journal) => journal.run('last'))?.calls).toMatchObject([
      { effect: 'write', attempts: 1, status: null, duration_ms: null, arguments: { limit: 3 } },
    ]);
    // Nobody writes to the file any more: what was in it is in the database.
    expect(spooled()).toEqual([]);
    expect(runs()).toHaveLength(1);
  });

  it('may be taken in while it goes on, and ends as it should', () => {
    const run = new Spool(spoolFolder(), systemClock).begin(start);
    const call = run.call();
    call.sending({ ...beginning, effect: 'write' });
    expect(runs()).toMatchObject([{ state: 'running' }]);
    call.settled({ ...record, effect: 'write' }, () => null);
    // The file may even be gone.
    abandon();
    runs();
    run.end({ error: null });
    expect(runs()).toMatchObject([{ state: 'done', calls: 1 }]);
    expect(read((journal) => journal.run('last'))?.calls).toMatchObject([{ status: 200, attempts: 2 }]);
  });
});

describe('the spool', () => {
  it('is for its user alone', () => {
    new Spool(spoolFolder(), systemClock).begin(start).end({ error: null });
    expect(statSync(spoolFolder()).mode & 0o777).toBe(0o700);
    expect(statSync(join(spoolFolder(), spooled()[0] ?? '')).mode & 0o777).toBe(0o600);
  });

  it('that cannot be written fails nothing, and says why once', () => {
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const spool = new Spool(spoolFolder(), systemClock, undefined, () => {
      throw full;
    });
    const run = spool.begin(start);
    run.call().sending({ ...beginning, effect: 'write' });
    run.call().settled(record, () => null);
    run.end({ error: null });
    expect(spool.fault).toBe(
      `The journal cannot be written (ENOSPC, ${spoolFolder()}): what happens is not recorded.`,
    );
  });

  it('keeps what stands before half a line, and what stands after', () => {
    new Spool(spoolFolder(), systemClock).begin(start).end({ error: null });
    const [name = ''] = spooled();
    const file = join(spoolFolder(), name);
    writeFileSync(
      file,
      `{"kind":"run","run":"run_half\n[1]\n{"kind":"call"}\n${readFileSync(file, 'utf8')}{"kind":"end"`,
    );
    expect(runs()).toMatchObject([{ state: 'done' }]);
  });

  it('begins a new file when one is full, and the full one is put away while the process goes on', () => {
    let full = 0;
    const spool = new Spool(spoolFolder(), systemClock, () => {
      full += 1;
    });
    const run = spool.begin(start);
    const long = () => ({ text: 'x'.repeat(4_000) });
    for (let made = 0; made < 1_200; made += 1) run.call().settled(record, long);
    spool.flush();
    run.call().settled(record, long);
    spool.flush();
    expect([full, spooled().length]).toEqual([1, 2]);
    expect(runs()).toMatchObject([{ state: 'running', calls: 1_201 }]);
    expect(spooled()).toHaveLength(1);
  });

  it('that has grown long is put away when a run ends', async () => {
    for (let made = 0; made < 3; made += 1)
      new Spool(spoolFolder(), systemClock).begin(start).end({ error: null });
    abandon();
    await tidy(home, Date.now(), 3);
    expect(spooled()).toHaveLength(3);
    await tidy(home, Date.now(), 2);
    expect(spooled()).toHaveLength(0);
    expect(runs()).toHaveLength(3);
  });

  it('is taken in a little at a time, with what comes first and last, and the rest of the process goes on', async () => {
    const spool = new Spool(spoolFolder(), systemClock);
    const run = spool.begin(start);
    for (let made = 0; made < 5_000; made += 1) run.call().settled(record, () => ({ made }));
    run.end({ error: null });
    abandon();
    let turns = 0;
    const turn = () => {
      turns += 1;
      timer = setImmediate(turn);
    };
    let timer = setImmediate(turn);
    await tidy(home, Date.now(), 0);
    clearImmediate(timer);
    expect(turns).toBeGreaterThan(3);
    expect(spooled()).toHaveLength(0);
    expect(runs()).toMatchObject([{ state: 'done', calls: 5_000 }]);
  });

  it('may hold what is no text: it is kept as well as text can be', () => {
    const run = new Spool(spoolFolder(), systemClock).begin(start);
    const odd = 'a\ud800b';
    run.call().settled({ ...record, function: odd, request_id: odd }, () => ({
      [odd]: odd,
      n: 12345678901234567890n,
    }));
    run.end({ error: null });
    abandon();
    const made = read((journal) => journal.run('last'))?.calls[0];
    expect(made).toMatchObject({ function: 'a\ufffdb', request_id: 'a\ufffdb' });
    expect(made?.arguments).toEqual({ [odd]: odd, n: 12345678901234567890n });
  });

  it('of other names is left alone', () => {
    new Spool(spoolFolder(), systemClock).begin(start).end({ error: null });
    writeFileSync(join(spoolFolder(), 'notes.jsonl'), 'mine');
    abandon();
    runs();
    expect(spooled()).toEqual(['notes.jsonl']);
  });
});

describe('the database', () => {
  let date = Date.now() - 60_000;
  // No two runs begin at the same time: they would go together.
  const clock = { ...systemClock, date: () => (date += 1) };
  /** Writes so many runs, of so many calls of a kilobyte each, into a spool of their own. */
  const write = (size: { runs: number; calls: number }) => {
    const spool = new Spool(spoolFolder(), clock);
    for (let made = 0; made < size.runs; made += 1) {
      const run = spool.begin(start);
      for (let call = 0; call < size.calls; call += 1)
        run.call().settled(record, () => ({ text: 'x'.repeat(1_000) }));
      run.end({ error: null });
    }
    return spool;
  };

  it('forgets what is older than 30 days', () => {
    new Spool(spoolFolder(), systemClock).begin(start).end({ error: null });
    expect(runs()).toHaveLength(1);
    abandon();
    openJournal(home, Date.now() + 31 * 24 * 60 * 60 * 1000).close();
    expect(runs()).toEqual([]);
  });

  it('forgets the oldest runs when it is too large', () => {
    write({ runs: 50, calls: 20 });
    abandon();
    const database = openStore(home, Date.now());
    const count = () => database.get<{ n: number }>('SELECT count(*) AS n FROM run')?.n ?? 0;
    expect(count()).toBe(50);
    database.write(() => [...pruning(database, Date.now(), 600 * 1024)]);
    expect(count()).toBeLessThan(30);
    expect(count()).toBeGreaterThan(0);
    const orphans = 'SELECT count(*) AS n FROM call WHERE run_id NOT IN (SELECT id FROM run)';
    expect(database.get<{ n: number }>(orphans)?.n).toBe(0);
    database.close();
  });

  describe('that has been too large', () => {
    const limit = 800 * 1024;
    /** Half a megabyte of calls. */
    const file = { runs: 5, calls: 100 };
    const size = () => statSync(journalPaths(home).database).size;

    it('gives back the room that it does not need', () => {
      for (let made = 0; made < 8; made += 1) write(file);
      abandon();
      openStore(home, Date.now()).close();
      expect(size()).toBeGreaterThan(4 * limit);
      openStore(home, Date.now(), limit).close();
      expect(size()).toBeLessThan(1.25 * limit);
      expect(runs().length).toBeGreaterThan(0);
    });

    it('keeps nothing of a run that alone is too much', () => {
      // Its calls are in two files.
      write({ runs: 1, calls: 4_500 }).begin(start).end({ error: null });
      const database = openStore(home, Date.now(), limit);
      const count = (table: string) => database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n;
      expect([count('run'), count('call')]).toEqual([1, 0]);
      database.close();
    });

    it('is so by no more than a file of the spool, however many there are', () => {
      for (let made = 0; made < 8; made += 1) write(file);
      abandon();
      const database = openStore(home, Date.now(), limit);
      // In the log is all that was ever written, in the file what is left of it.
      const pages = database.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0;
      expect(pages * 4_096).toBeLessThan(1.25 * limit);
      expect(database.get<{ n: number }>('SELECT count(*) AS n FROM run')?.n).toBeGreaterThan(0);
      database.close();
      expect(spooled()).toEqual([]);
    });
  });

  it('that is none, or another program’s, is named and left as it was', () => {
    const { database } = journalPaths(home);
    new Spool(spoolFolder(), systemClock).begin(start).end({ error: null });
    writeFileSync(database, 'not a database, but long enough to be looked at as one'.repeat(30));
    expect(() => runs()).toThrow(KosmoError);
    expect(readFileSync(database, 'utf8')).toContain('not a database');
    rmSync(database);
    const other = Database.open(database);
    other.execute('CREATE TABLE song (title TEXT)');
    other.close();
    expect(() => runs()).toThrow(/another kind/);
    // What was spooled waits.
    expect(spooled()).toHaveLength(1);
  });

  // Root may write anywhere.
  it.skipIf(process.getuid?.() === 0)('that may not be written says so', () => {
    new Spool(spoolFolder(), systemClock).begin(start).end({ error: null });
    chmodSync(join(home, 'journal'), 0o500);
    expect(() => runs()).toThrow(KosmoError);
    chmodSync(join(home, 'journal'), 0o700);
  });
});

import { createHash, randomBytes } from 'node:crypto';
import { closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { CallBeginning, CallEntry, CallRecord } from '../call/index.ts';
import type { Clock } from '../support/clock.ts';
import { systemErrorCode } from '../support/errors.ts';
import { type JsonValue, stringifyJson } from '../support/json.ts';
import type { Journal, RunEnd, RunJournal, RunStart } from './journal.ts';
import type { CallLine, Line } from './lines.ts';
import { hostName, spoolFileName } from './spool-files.ts';

/** How long a line that is not urgent waits to be written with others, in milliseconds. */
const delay = 100;
/** How many lines wait at most. */
const mostWaiting = 500;
/** A process begins a new file when its file has so many bytes. */
const fileBytes = 4 * 1024 * 1024;
/** The longest text of a call's arguments that is kept. */
const longestArguments = 4_096;

/** Appends to a file of the spool. */
export type Append = (file: string, text: string) => void;

/**
 * The journal's writing side: lines of JSON in a file of this process's own, which whoever reads the journal takes
 * into the database. So a run does not load the database, and processes never wait for each other.
 *
 * A write is written down before it is sent; other lines at most 100 ms after they arose, together. A process that is
 * killed leaves what has been written.
 */
export class Spool implements Journal {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #append: Append;
  readonly #onFull: () => void;
  readonly #token = randomBytes(4).toString('hex');
  #waiting: Entry[] = [];
  #callOff: (() => void) | null = null;
  #file: string | null = null;
  #files = 0;
  #bytes = 0;
  #fault: string | null = null;

  /**
   * @param folder of the spool; it is made when it is needed
   * @param onFull called when this process has filled a file
   */
  constructor(folder: string, clock: Clock, onFull: () => void = () => undefined, append: Append = appendTo) {
    this.#folder = folder;
    this.#clock = clock;
    this.#onFull = onFull;
    this.#append = append;
  }

  get fault(): string | null {
    return this.#fault;
  }

  begin(start: RunStart): RunJournal {
    return new SpooledRun(this, this.#clock, start);
  }

  /** Writes what waits. */
  flush(): void {
    this.#callOff?.();
    this.#callOff = null;
    const entries = this.#waiting;
    if (entries.length === 0 || this.#fault !== null) return;
    this.#waiting = [];
    let text = '';
    for (const entry of entries) {
      text += `${entry.line()}\n`;
      entry.waiting = false;
    }
    try {
      this.#append(this.#currentFile(), text);
      this.#bytes += text.length;
      if (this.#bytes >= fileBytes) this.#turnOver();
    } catch (error) {
      const why = systemErrorCode(error) ?? (error instanceof Error ? error.message : String(error));
      this.#fault = `The journal cannot be written (${why}, ${this.#folder}): what happens is not recorded.`;
    }
  }

  /** Has an entry written with others that wait. */
  add(entry: Entry): void {
    if (this.#fault !== null) return;
    // An entry that waits already is written as it is by then.
    if (!entry.waiting) this.#waiting.push(entry);
    entry.waiting = true;
    if (this.#waiting.length >= mostWaiting) this.flush();
    else this.#callOff ??= this.#clock.after(delay, () => this.flush());
  }

  #currentFile(): string {
    if (this.#file === null) {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      this.#files += 1;
      const name = spoolFileName({
        at: this.#clock.date(),
        pid: process.pid,
        token: this.#token,
        number: this.#files,
      });
      this.#file = join(this.#folder, name);
    }
    return this.#file;
  }

  #turnOver(): void {
    this.#file = null;
    this.#bytes = 0;
    this.#onFull();
  }
}

/** Something that waits to be written. */
interface Entry {
  waiting: boolean;
  /** A line of the spool. */
  line(): string;
}

class SpooledRun implements RunJournal {
  readonly id: string;
  readonly #spool: Spool;
  readonly #clock: Clock;
  readonly #started: number;
  #calls = 0;

  constructor(spool: Spool, clock: Clock, start: RunStart) {
    this.#spool = spool;
    this.#clock = clock;
    const at = clock.date();
    this.id = runId(at);
    this.#started = clock.now();
    let text: string | null = null;
    const line = () =>
      (text ??= written({
        kind: 'run',
        run: this.id,
        at,
        host: hostName(),
        pid: process.pid,
        user: userName(),
        command: start.command,
        client: start.client,
        program: start.program,
        script_hash: start.source === null ? null : createHash('sha256').update(start.source).digest('hex'),
        account: start.account,
      }));
    spool.add({ waiting: false, line });
    // The system takes its time to tell who the user is. It is asked while the program runs, not when it has ended.
    setImmediate(line).unref();
  }

  call(): CallEntry {
    this.#calls += 1;
    return new SpooledCall(this.#spool, this.id, this.#calls, this.#clock.date());
  }

  end({ error }: RunEnd): void {
    const duration_ms = round(this.#clock.now() - this.#started);
    const at = this.#clock.date();
    this.#spool.add({
      waiting: false,
      line: () => written({ kind: 'end', run: this.id, at, duration_ms, error }),
    });
    this.#spool.flush();
  }
}

class SpooledCall implements CallEntry, Entry {
  waiting = false;
  readonly #spool: Spool;
  readonly #run: string;
  readonly #number: number;
  readonly #at: number;
  #beginning: CallBeginning | null = null;
  #record: CallRecord | null = null;
  #args: (() => JsonValue) | null = null;

  constructor(spool: Spool, run: string, number: number, at: number) {
    this.#spool = spool;
    this.#run = run;
    this.#number = number;
    this.#at = at;
  }

  sending(what: CallBeginning): void {
    this.#beginning = what;
    this.#args = what.arguments;
    this.#spool.add(this);
    if (what.effect !== 'read') this.#spool.flush();
  }

  settled(record: CallRecord, args: () => JsonValue): void {
    this.#record = record;
    this.#args ??= args;
    this.#spool.add(this);
  }

  line(): string {
    const record = this.#record;
    const what = record ?? this.#beginning;
    return callLine(
      {
        kind: 'call',
        run: this.#run,
        number: this.#number,
        at: this.#at,
        function: what?.function ?? '',
        account: what?.account ?? '',
        effect: what?.effect ?? null,
        status: record?.status ?? null,
        attempts: record?.attempts ?? 1,
        duration_ms: record?.duration_ms ?? null,
        request_id: record?.request_id ?? null,
        error: record?.error ?? null,
      },
      this.#args?.() ?? null,
    );
  }
}

function written(line: Exclude<Line, CallLine>): string {
  return JSON.stringify(line);
}

/** Arguments are made text once, for there may be thousands of calls; those that are long in spite of all are left out. */
function callLine(line: Omit<CallLine, 'arguments'>, args: JsonValue): string {
  const text = stringifyJson(args);
  const kept = text.length <= longestArguments ? text : JSON.stringify({ '…': `${text.length} characters` });
  return `${JSON.stringify(line).slice(0, -1)},"arguments":${kept}}`;
}

/** Sorts by time, and is told apart by chance. */
function runId(date: number): string {
  return `run_${date.toString(36).padStart(9, '0')}${randomBytes(5).toString('hex')}`;
}

function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return null;
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/**
 * Opened anew each time: who reads the journal may have taken the file away, when it looked as if this process had
 * ended.
 */
function appendTo(file: string, text: string): void {
  const flags = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0);
  const descriptor = openSync(file, flags, 0o600);
  try {
    let rest = Buffer.from(text);
    while (rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
  } finally {
    closeSync(descriptor);
  }
}

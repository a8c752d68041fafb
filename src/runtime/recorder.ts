import { journalPaths, type RunJournal, Spool, tidy } from '../journal/index.ts';
import { systemClock } from '../support/clock.ts';
import { failureOf } from '../support/errors.ts';

/** What a run is, as the journal keeps it. */
export interface Recorded {
  readonly account?: string | undefined;
  readonly client?: string | undefined;
  /** What error messages call the program; none for a run that is one call. */
  readonly program?: string;
  readonly source?: string | Uint8Array;
}

/** Has the runs of a process written down. */
export class Recorder {
  readonly #home: string;
  readonly #command: string;
  readonly #journal: Spool;
  /** Runs that end with the process. */
  readonly #open: RunJournal[] = [];

  /** @param command what the journal calls whatever asks */
  constructor(home: string, command: string) {
    this.#home = home;
    this.#command = command;
    this.#journal = new Spool(journalPaths(home).spool, systemClock, () => void this.#tidy(0));
  }

  /** Why something was not written down. */
  get warnings(): readonly string[] {
    return this.#journal.fault === null ? [] : [this.#journal.fault];
  }

  /** Writes a run down from its beginning to its end, which is that of `work`. */
  async run<T>(
    what: Recorded,
    work: (journal: RunJournal) => Promise<T>,
    errorOf: (result: T) => string | null,
  ): Promise<T> {
    const journal = this.begin(what);
    try {
      const result = await work(journal);
      journal.end({ error: errorOf(result) });
      return result;
    } catch (error) {
      journal.end({ error: failureOf(error).code });
      throw error;
    }
  }

  /** Begins a run that goes on until the process ends. */
  open(what: Recorded): RunJournal {
    const journal = this.begin(what);
    this.#open.push(journal);
    return journal;
  }

  /** Ends what is open, and clears up when that is due. */
  async close(): Promise<void> {
    for (const journal of this.#open.splice(0)) journal.end({ error: null });
    await this.#tidy();
  }

  /** Begins a run; whoever does ends it. */
  begin({ account = 'default', client, program, source }: Recorded): RunJournal {
    return this.#journal.begin({
      command: this.#command,
      client: client ?? null,
      program: program ?? null,
      source: source ?? null,
      account,
    });
  }

  /** @param most how many files of the spool are left alone */
  #tidy(most?: number): Promise<void> {
    return tidy(this.#home, systemClock.date(), most);
  }
}

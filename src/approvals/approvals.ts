import { randomBytes } from 'node:crypto';
import { seal, unseal, type Vault } from '../accounts/index.ts';
import type { Home } from '../home/index.ts';
import { Database, migrate } from '../sqlite/index.ts';
import type { Clock } from '../support/clock.ts';
import { type Failure, failure } from '../support/errors.ts';
import { stringifyJson } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';
import type { KnownProcess } from './asking-processes.ts';
import { approvalsKey } from './key.ts';
import { approvalsSchema } from './schema.ts';
import type { Decision, SuspendedRun } from './suspended-run.ts';

/** How long an approval can be given and used, in milliseconds: what a run has read grows old. */
const lifetime = 4 * 60 * 60 * 1000;
/** How long it is told what became of one. */
const memory = 7 * 24 * 60 * 60 * 1000;

export type ApprovalState = 'pending' | 'approved' | 'denied' | 'used' | 'expired';

export interface ApprovalSummary {
  readonly id: string;
  readonly state: ApprovalState;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly expiresAt: number;
  /** Who asks: an MCP client's name and version. */
  readonly client: string;
  /** Full names of what would be called. */
  readonly functions: readonly string[];
}

interface Row {
  readonly id: string;
  readonly asked_at: number;
  readonly expires_at: number;
  readonly client: string;
  readonly asked: 'client' | 'terminal';
  readonly functions: string;
  readonly processes: string;
  readonly run: string;
  readonly state: 'pending' | 'decided' | 'used';
  readonly decision: string | null;
}

/** What is asked of a person. */
export interface Asking {
  readonly run: SuspendedRun;
  readonly client: string;
  /** Whom: the client, or whoever comes to a terminal. */
  readonly asked: 'client' | 'terminal';
  readonly processes: readonly KnownProcess[];
  /** For an operation that is a tool of its own. */
  readonly fingerprint?: string;
}

/**
 * Approvals in the user's home: asked for by one process, given by another, used by a third, once. Between them lies a
 * database, so that none needs to be there all the while.
 */
export class Approvals {
  readonly #database: Database;
  readonly #key: Buffer;
  readonly #clock: Pick<Clock, 'date'>;

  constructor(database: Database, key: Buffer, clock: Pick<Clock, 'date'>) {
    this.#database = database;
    this.#key = key;
    this.#clock = clock;
  }

  /** Keeps a run that waits. @returns its id, which is hard to guess */
  ask({ run, client, asked, processes, fingerprint }: Asking): string {
    const id = `apr_${randomBytes(9).toString('hex')}`;
    const now = this.#clock.date();
    const functions = run.asked.map((request) => request.function);
    this.#database.run('DELETE FROM approval WHERE expires_at < ?', [now - memory]);
    this.#database.run(
      `INSERT INTO approval (id, asked_at, expires_at, client, asked, functions, processes, fingerprint, run, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')`,
      [
        id,
        now,
        now + lifetime,
        client,
        asked,
        JSON.stringify(functions),
        JSON.stringify(processes),
        fingerprint ?? null,
        seal(this.#key, `${id} run`, stringifyJson(run)),
      ],
    );
    return id;
  }

  /** What was asked for, the newest first. */
  list(): ApprovalSummary[] {
    return this.#database
      .all<Row>('SELECT * FROM approval ORDER BY asked_at DESC, id')
      .map((row) => this.#summary(row));
  }

  /** One that was asked for, with the run that waits, and who may not give it. */
  get(id: string):
    | {
        readonly summary: ApprovalSummary;
        readonly run: SuspendedRun;
        readonly asked: 'client' | 'terminal';
        readonly processes: readonly KnownProcess[];
      }
    | Failure {
    const row = this.#row(id);
    if (row?.state === 'used') return this.#refusal(id);
    const run = row === null ? null : this.#runOf(row);
    if (row === null || run === null) return unknown(id);
    return { summary: this.#summary(row), run, asked: row.asked, processes: processesOf(row.processes) };
  }

  /** The newest for a call that is a tool of its own, neither used nor over; null when there is none. */
  find(fingerprint: string): ApprovalSummary | null {
    const row = this.#database.get<Row>(
      `SELECT * FROM approval WHERE fingerprint = ? AND state <> 'used' AND expires_at > ? ORDER BY asked_at DESC LIMIT 1`,
      [fingerprint, this.#clock.date()],
    );
    return row === null ? null : this.#summary(row);
  }

  /** Gives or refuses it, once. @returns why that cannot be; null when it is done */
  decide(id: string, decision: Decision): Failure | null {
    const now = this.#clock.date();
    const sealed = seal(this.#key, `${id} decision`, decision);
    const changed = this.#database.run(
      `UPDATE approval SET state = 'decided', decision = ? WHERE id = ? AND state = 'pending' AND expires_at > ?`,
      [sealed, id, now],
    );
    return changed === 1 ? null : this.#refusal(id);
  }

  /** Has it wait for a terminal: the client's user has not said anything. */
  leaveToTerminal(id: string): void {
    this.#database.run(`UPDATE approval SET asked = 'terminal' WHERE id = ? AND state = 'pending'`, [id]);
  }

  /** Takes a run that has been decided on, so that nobody else does. Nothing of it is kept. */
  take(id: string): { readonly run: SuspendedRun; readonly decision: Decision } | Failure {
    const row = this.#row(id);
    if (row === null) return unknown(id);
    const run = this.#runOf(row);
    const decision = this.#decisionOf(row);
    if (run === null || decision === null || row.state !== 'decided') return this.#refusal(id);
    const taken = this.#database.run(
      `UPDATE approval SET state = 'used', run = '', decision = NULL
       WHERE id = ? AND state = 'decided' AND expires_at > ?`,
      [id, this.#clock.date()],
    );
    return taken === 1 ? { run, decision } : this.#refusal(id);
  }

  close(): void {
    this.#database.close();
  }

  #row(id: string): Row | null {
    return this.#database.get<Row>('SELECT * FROM approval WHERE id = ?', [id]);
  }

  #summary(row: Row): ApprovalSummary {
    const functions = parseJson(row.functions);
    return {
      id: row.id,
      state: this.#stateOf(row),
      askedAt: row.asked_at,
      expiresAt: row.expires_at,
      client: row.client,
      functions: Array.isArray(functions) ? functions.filter((name) => typeof name === 'string') : [],
    };
  }

  #stateOf(row: Row): ApprovalState {
    if (row.state === 'used') return 'used';
    if (row.expires_at <= this.#clock.date()) return 'expired';
    return row.state === 'pending' ? 'pending' : (this.#decisionOf(row) ?? 'pending');
  }

  #runOf(row: Row): SuspendedRun | null {
    const text = unseal(this.#key, `${row.id} run`, row.run);
    // It opens, so that it is what `ask` has written.
    return text === null ? null : (parseJson(text) as unknown as SuspendedRun);
  }

  /** Null for what no holder of the key has decided. */
  #decisionOf(row: Row): Decision | null {
    const text = row.decision === null ? null : unseal(this.#key, `${row.id} decision`, row.decision);
    return text === 'approved' || text === 'denied' ? text : null;
  }

  #refusal(id: string): Failure {
    const row = this.#row(id);
    if (row === null) return unknown(id);
    const state = this.#stateOf(row);
    const details = { approval: id, state };
    switch (state) {
      case 'pending':
        return failure('approval_required', `The approval ${id} has not been given yet.`, {
          hint: `In a terminal: kosmo approvals:approve ${id}`,
          details,
        });
      case 'used':
        return failure('unknown_approval', `The approval ${id} was used already: it holds for one run.`, {
          hint: 'Look what that run has done before anything is repeated.',
          details,
        });
      case 'expired':
        return failure('unknown_approval', `The approval ${id} is over.`, { details });
      default:
        return failure('unknown_approval', `The approval ${id} is decided already: ${state}.`, {
          hint: 'It cannot be decided again.',
          details,
        });
    }
  }
}

/**
 * Opens the approvals of a home.
 * @throws KosmoError `home_unusable`, `database_invalid`, `credentials_locked`
 */
export async function openApprovals(
  home: Home,
  vault: Vault,
  clock: Pick<Clock, 'date'>,
): Promise<Approvals> {
  const key = await approvalsKey(home, vault);
  const database = Database.open(home.file('approvals.db'));
  try {
    migrate(database, approvalsSchema, new Date(clock.date()).toISOString());
    return new Approvals(database, key, clock);
  } catch (error) {
    database.close();
    throw error;
  }
}

function unknown(id: string): Failure {
  return failure('unknown_approval', `There is no approval ${id}.`, { details: { approval: id } });
}

function processesOf(text: string): KnownProcess[] {
  const value = parseJson(text);
  return Array.isArray(value) ? (value as unknown as KnownProcess[]) : [];
}

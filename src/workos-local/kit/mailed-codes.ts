import type { Context } from './context.ts';
import { type CodeVerdict, checkCode, newCode, type OneTimeCode } from './one-time-code.ts';

/** A code that went to a user's address. */
export interface MailedCode extends OneTimeCode {
  readonly id: string;
  readonly user_id: string;
  readonly email: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Whom a code goes to. */
interface Addressee {
  readonly id: string;
  readonly email: string;
}

/** The codes of one kind, in a table of their own. `More` is what the kind keeps besides. */
export class MailedCodes<More extends object = Readonly<Record<never, never>>> {
  readonly #table: string;
  readonly #prefix: string;
  readonly #more: readonly (keyof More & string)[];

  /** @param more the names of the columns of `More` */
  constructor(table: string, prefix: string, more: readonly (keyof More & string)[]) {
    this.#table = table;
    this.#prefix = prefix;
    this.#more = more;
  }

  /** Makes a code and keeps it. Those the user was sent before are no longer taken. */
  make(context: Context, user: Addressee, more: More): MailedCode & More {
    const row: MailedCode & More = {
      ...more,
      ...newCode(context),
      id: context.newId(this.#prefix),
      user_id: user.id,
      email: user.email,
      created_at: context.now,
      updated_at: context.now,
    };
    const columns = `id, environment_id, user_id, email, code, attempts, used_at, expires_at, created_at, updated_at${this.#more
      .map((name) => `, ${name}`)
      .join('')}`;
    context.database.run(
      `INSERT INTO ${this.#table} (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?${', ?'.repeat(this.#more.length)})`,
      [
        row.id,
        context.environment.id,
        row.user_id,
        row.email,
        row.code,
        row.attempts,
        row.used_at,
        row.expires_at,
        row.created_at,
        row.updated_at,
        ...this.#more.map((name) => textOf(more[name])),
      ],
    );
    return row;
  }

  byId(context: Context, id: string): (MailedCode & More) | null {
    return context.database.get<MailedCode & More>(
      `SELECT * FROM ${this.#table} WHERE environment_id = ? AND id = ?`,
      [context.environment.id, id],
    );
  }

  /** What a code is worth that a user gives, and the one they were sent, when one counts. Nothing is kept of it. */
  look(
    context: Context,
    user: Addressee,
    code: string,
  ): { readonly verdict: CodeVerdict; readonly sent: (MailedCode & More) | null } {
    const newest = context.database.get<MailedCode & More>(
      `SELECT * FROM ${this.#table} WHERE user_id = ? ORDER BY created_at DESC, id DESC LIMIT 1`,
      [user.id],
    );
    // A code says something of the address it went to alone.
    const sent = newest?.email === user.email ? newest : null;
    return { verdict: sent === null ? 'wrong' : checkCode(sent, code, context.now), sent };
  }

  /** The same for good: a right code is used up, and a wrong one counted. */
  answer(
    context: Context,
    user: Addressee,
    code: string,
  ): { readonly verdict: CodeVerdict; readonly sent: (MailedCode & More) | null } {
    const { verdict, sent } = this.look(context, user, code);
    if (sent !== null && verdict === 'wrong') {
      context.database.run(`UPDATE ${this.#table} SET attempts = attempts + 1 WHERE id = ?`, [sent.id]);
    }
    if (sent !== null && verdict === 'right') {
      context.database.run(`UPDATE ${this.#table} SET used_at = ?, updated_at = ? WHERE id = ?`, [
        context.now,
        context.now,
        sent.id,
      ]);
    }
    return { verdict, sent };
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A code as the API serves it; its events leave the code out. */
export function serializeMailedCode<Kind extends string>(object: Kind, row: MailedCode) {
  return {
    object,
    id: row.id,
    user_id: row.user_id,
    email: row.email,
    expires_at: row.expires_at,
    code: row.code,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

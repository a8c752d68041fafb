import { Redactor } from '../../support/redaction.ts';

/** What of a server must never be shown: its secrets, and the tokens that it is sent. */
export class Concealed {
  readonly #secrets: Set<string>;
  #redactor: Redactor | null = null;

  constructor(secrets: Iterable<string>) {
    this.#secrets = new Set(secrets);
  }

  add(secret: string): void {
    if (this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    this.#redactor = null;
  }

  /** Text or plain data without it. */
  shown<T>(value: T): T {
    if (this.#secrets.size === 0) return value;
    this.#redactor ??= new Redactor(this.#secrets);
    return this.#redactor.data(value);
  }
}

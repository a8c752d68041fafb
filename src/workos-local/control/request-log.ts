import type { LocalRequest, LocalResponse } from '../dispatch.ts';

/** A request that was received, with its answer; secrets are taken out when it is shown. */
export interface LoggedRequest {
  readonly id: string;
  /** Milliseconds since 1970, by the machine's clock. */
  readonly time: number;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Null when the connection was broken without an answer. */
  readonly status: number | null;
  readonly answer: string;
  /** Milliseconds. */
  readonly duration: number;
}

const longestBody = 16 * 1024;

/** The last requests a server received. In memory: reading must not become writing. */
export class RequestLog {
  readonly #kept: LoggedRequest[] = [];
  readonly #most: number;
  #next = 0;

  constructor(most = 500) {
    this.#most = most;
  }

  add(request: LocalRequest, answer: LocalResponse | null, started: number): void {
    const entry: LoggedRequest = {
      id: answer?.headers['x-request-id'] ?? `dropped_${Math.round(performance.now() * 1000)}`,
      time: Date.now(),
      method: request.method,
      path: request.path,
      headers: request.headers,
      body: request.body === null ? null : short(request.body),
      status: answer?.status ?? null,
      answer: answer === null || answer.bytes !== undefined ? '' : short(answer.body),
      duration: performance.now() - started,
    };
    this.#kept[this.#next] = entry;
    this.#next = (this.#next + 1) % this.#most;
  }

  /** The newest first. */
  get all(): readonly LoggedRequest[] {
    return [...this.#kept.slice(this.#next), ...this.#kept.slice(0, this.#next)].reverse();
  }

  clear(): void {
    this.#kept.length = 0;
    this.#next = 0;
  }
}

function short(text: string): string {
  if (text.length <= longestBody) return text;
  // A copy: a slice would hold on to the whole text.
  return `${Buffer.from(text.slice(0, longestBody)).toString()}…`;
}

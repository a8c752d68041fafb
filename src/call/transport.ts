import type { JsonValue } from '../support/json.ts';

/** A request as it goes out: everything decided, credentials included. */
export interface WireRequest {
  readonly method: string;
  /** Absolute URL. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | null;
  /** What is shown in place of a body that is no JSON. */
  readonly shown?: JsonValue;
}

/** What stands before an answer's body. */
export interface ResponseHead {
  readonly status: number;
  /** Names in lower case; several values of one name are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface WireResponse extends ResponseHead {
  /** Empty when the answer is no text. */
  readonly body: string;
  /** An answer that is no text, by its content type. */
  readonly bytes?: Uint8Array;
  /** What the body says, where that was known before it was written. */
  readonly value?: JsonValue;
}

/**
 * Why there was no answer, or none that could be read.
 *
 * - `unreachable`: nothing was sent; `lasting` when another attempt would go no better.
 * - `lost`: the request went out, at least in part, and what became of it is not known.
 * - `unreadable`, `too_large`: something was answered that is no answer, or is past the size limit.
 * - `cancelled`: the caller's signal came first; `sent` tells whether the request had gone out by then.
 *
 * `head` is what had been read of the answer.
 */
export type TransportFailure =
  | { readonly failed: 'unreachable'; readonly reason: string; readonly lasting: boolean }
  | { readonly failed: 'cancelled'; readonly reason: string; readonly sent: boolean }
  | {
      readonly failed: 'lost' | 'unreadable' | 'too_large';
      readonly reason: string;
      readonly head: ResponseHead | null;
    };

/** A way to have a request answered. Failing to is a value; a transport throws only for faults of its own. */
export interface Transport {
  /** @param signal ends the exchange; it is used again for others, so nothing may go on listening to it afterwards */
  send(request: WireRequest, signal: AbortSignal): Promise<WireResponse | TransportFailure>;
}

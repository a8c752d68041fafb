/** A request as it goes out: everything decided, credentials included. */
export interface WireRequest {
  readonly method: string;
  /** Absolute URL. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface WireResponse {
  readonly status: number;
  /** Names in lower case; several values of one name are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Why there was no answer. `unreachable`: nothing was sent. `lost`: the request went out, at least in part, and
 * what became of it is not known. `cancelled`: the run ended first. `too_large`: the answer passed the size limit.
 */
export interface TransportFailure {
  readonly failed: 'unreachable' | 'lost' | 'cancelled' | 'too_large';
  readonly reason: string;
}

/** A way to have a request answered. Failing to is a value; a transport throws only for faults of its own. */
export interface Transport {
  send(request: WireRequest, signal: AbortSignal): Promise<WireResponse | TransportFailure>;
}

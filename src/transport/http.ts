import type { Dispatcher } from 'undici';
import type { ResponseHead, Transport, TransportFailure, WireRequest, WireResponse } from '../call/index.ts';
import { onAbort } from '../support/abort.ts';
import { answerOf } from './answer.ts';
import { createDispatcher, type Environment } from './dispatcher.ts';
import { faultOf, Refused, tooLarge } from './faults.ts';
import { inflate } from './inflate.ts';
import { type HttpLimits, httpLimits } from './limits.ts';

export interface HttpOptions {
  /** Names proxies (`HTTPS_PROXY`, …) and a file of certificates to trust as well (`KOSMO_CA_FILE`). */
  readonly environment: Environment;
  readonly limits?: Partial<HttpLimits>;
}

/**
 * Sends requests over HTTP/1.1 with connections kept alive. Redirects are not followed, and TLS certificates are
 * always verified, whatever the environment says.
 * @throws KosmoError `settings_invalid` when a proxy or the file of certificates cannot be used
 */
export async function createHttpTransport({
  environment,
  limits: given,
}: HttpOptions): Promise<Transport & { close(): Promise<void> }> {
  const limits = { ...httpLimits, ...given };
  const { dispatcher, proxied } = await createDispatcher(environment, limits);
  return {
    async send(request, signal) {
      const exchange = new Exchange(signal, limits.maxAnswer);
      try {
        return await exchange.begin(dispatcher, request);
      } catch (error) {
        return failureOf(error, signal, exchange, limits, proxied);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** The dispatcher's own interface: its promises and streams would take as long as the rest of a short exchange. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #answer: Promise<WireResponse>;
  /** Whether it has gone out, at least in part. */
  sent = false;
  head: ResponseHead | null = null;
  readonly #maxAnswer: number;
  readonly #signal: AbortSignal;
  readonly #chunks: Buffer[] = [];
  readonly #unhear: () => void;
  #resolve: (answer: WireResponse) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #controller: Dispatcher.DispatchController | null = null;

  /** @param maxAnswer bytes */
  constructor(signal: AbortSignal, maxAnswer: number) {
    this.#signal = signal;
    this.#maxAnswer = maxAnswer;
    this.#answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#unhear = onAbort(signal, () => this.#abort());
  }

  begin(dispatcher: Dispatcher, request: WireRequest): Promise<WireResponse> {
    try {
      dispatcher.dispatch(dispatched(request), this);
    } catch (error) {
      this.#fail(error);
    }
    return this.#answer;
  }

  #abort(): void {
    if (this.#controller === null) this.#reject(new Refused('aborted', 'it was given up before it was sent'));
    else this.#controller.abort(new Refused('aborted', 'it was given up'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#signal.aborted) this.#abort();
    else this.sent = true;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    received: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    // An informational answer (1xx) comes before the answer itself.
    if (status < 200) return;
    const headers = joined(received);
    this.head = { status, headers };
    if (Number(headers['content-length']) > this.#maxAnswer) controller.abort(tooLarge(this.#maxAnswer));
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#unhear();
    const { head } = this;
    if (head === null) {
      this.#reject(new Refused('unreadable', 'it has no status'));
      return;
    }
    const encoding = head.headers['content-encoding'];
    if (encoding === undefined) this.#resolve(answerOf(head, joinedBytes(this.#chunks)));
    else
      inflate(this.#chunks, encoding, this.#maxAnswer)
        .then((body) => answerOf(head, body))
        .then(this.#resolve, this.#reject);
  }

  onResponseError(_: Dispatcher.DispatchController, error: unknown): void {
    this.#fail(error);
  }

  #fail(error: unknown): void {
    this.#unhear();
    this.#reject(error);
  }
}

function dispatched({ url: text, method, headers, body }: WireRequest): Dispatcher.DispatchOptions {
  const url = new URL(text);
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method: method as Dispatcher.HttpMethod,
    headers: { 'accept-encoding': 'gzip, br', ...headers },
    body,
  };
}

function joinedBytes(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

function joined(received: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(received)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function failureOf(
  error: unknown,
  signal: AbortSignal,
  { sent, head }: Exchange,
  limits: HttpLimits,
  proxied: string | null,
): TransportFailure {
  const { reason, lasting, kind } = faultOf(error, limits);
  if (signal.aborted) return { failed: 'cancelled', reason, sent };
  if (sent) return { failed: kind, reason, head };
  return { failed: 'unreachable', reason: proxied === null ? reason : `${reason} (${proxied})`, lasting };
}

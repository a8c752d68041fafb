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
      const progress: Progress = { sent: false, head: null };
      try {
        return await exchange(dispatcher, request, signal, progress, limits);
      } catch (error) {
        return failureOf(error, signal, progress, limits, proxied);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

/** How far an exchange has come. */
interface Progress {
  sent: boolean;
  head: ResponseHead | null;
}

/** The dispatcher's own interface: its promises and streams would take as long as the rest of a short exchange. */
function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  signal: AbortSignal,
  progress: Progress,
  { maxAnswer }: HttpLimits,
): Promise<WireResponse> {
  const url = new URL(request.url);
  return new Promise((resolve, reject) => {
    let abort = () => reject(new Refused('aborted', 'it was given up before it was sent'));
    const chunks: Buffer[] = [];
    const settle = onAbort(signal, () => abort());
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method as Dispatcher.HttpMethod,
        headers: { 'accept-encoding': 'gzip, br', ...request.headers },
        body: request.body,
      },
      {
        onRequestStart(controller) {
          abort = () => controller.abort(new Refused('aborted', 'it was given up'));
          if (signal.aborted) abort();
          else progress.sent = true;
        },
        onResponseStart(controller, status, received) {
          // An informational answer (1xx) comes before the answer itself.
          if (status < 200) return;
          const headers = joined(received);
          progress.head = { status, headers };
          if (Number(headers['content-length']) > maxAnswer) controller.abort(tooLarge(maxAnswer));
        },
        onResponseData(_, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          settle();
          const { head } = progress;
          if (head === null) return reject(new Refused('unreadable', 'it has no status'));
          const encoding = head.headers['content-encoding'];
          if (encoding === undefined) resolve(answerOf(head, joinedBytes(chunks)));
          else inflate(chunks, encoding, maxAnswer).then((body) => resolve(answerOf(head, body)), reject);
        },
        onResponseError(_, error) {
          settle();
          reject(error);
        },
      },
    );
  });
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
  { sent, head }: Progress,
  limits: HttpLimits,
  proxied: string | null,
): TransportFailure {
  const { reason, lasting, kind } = faultOf(error, limits);
  if (signal.aborted) return { failed: 'cancelled', reason, sent };
  if (sent) return { failed: kind, reason, head };
  return { failed: 'unreachable', reason: proxied === null ? reason : `${reason} (${proxied})`, lasting };
}

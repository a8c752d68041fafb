import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import Agent from 'undici/lib/dispatcher/agent.js';
import type { Transport, TransportFailure, WireRequest, WireResponse } from '../call/index.ts';
import { systemErrorCode } from '../support/errors.ts';

/** Time-outs in milliseconds, and the size of an answer in bytes. */
const connectTimeout = 10_000;
const answerTimeout = 60_000;
const maxAnswer = 50 * 1024 * 1024;

/**
 * Sends requests over HTTP/1.1 with connections kept alive. Redirects are not followed, and TLS certificates are
 * always verified.
 */
export function createHttpTransport(): Transport & { close(): Promise<void> } {
  const agent = new Agent({
    connect: { timeout: connectTimeout },
    headersTimeout: answerTimeout,
    bodyTimeout: answerTimeout,
    maxResponseSize: maxAnswer,
    keepAliveTimeout: 10_000,
  });
  return {
    async send(request, signal) {
      try {
        return await exchange(agent, request, signal);
      } catch (error) {
        return transportFailure(error, signal);
      }
    },
    close: () => agent.destroy(),
  };
}

/** The dispatcher's own interface: its promises and streams would take as long as the rest of a short exchange. */
function exchange(agent: Dispatcher, request: WireRequest, signal: AbortSignal): Promise<WireResponse> {
  const url = new URL(request.url);
  return new Promise((resolve, reject) => {
    let abort = () => reject(new Error('aborted before it was sent'));
    const onAbort = () => abort();
    const chunks: Buffer[] = [];
    let status = 0;
    let headers: WireResponse['headers'] = {};
    signal.addEventListener('abort', onAbort, { once: true });
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method as Dispatcher.HttpMethod,
        headers: { ...request.headers },
        body: request.body,
      },
      {
        onRequestStart(controller) {
          abort = () => controller.abort(new Error('aborted'));
          if (signal.aborted) abort();
        },
        onResponseStart(_, statusCode, received) {
          // An informational answer (1xx) comes before the answer itself.
          if (statusCode < 200) return;
          status = statusCode;
          headers = joined(received);
        },
        onResponseData(_, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          signal.removeEventListener('abort', onAbort);
          resolve({ status, headers, body: textOf(chunks) });
        },
        onResponseError(_, error) {
          signal.removeEventListener('abort', onAbort);
          reject(error);
        },
      },
    );
  });
}

function joined(received: IncomingHttpHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(received)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

/** UTF-8, without the byte order mark that some servers put first. */
function textOf(chunks: readonly Buffer[]): string {
  const [only] = chunks;
  const text = (chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)).toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Faults that arise while connecting, so that nothing can have been sent. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
]);

function transportFailure(error: unknown, signal: AbortSignal): TransportFailure {
  const code = codeOf(error);
  const reason = reasons[code] ?? (error instanceof Error ? error.message || code : String(error));
  if (signal.aborted) return { failed: 'cancelled', reason };
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return { failed: 'too_large', reason };
  if (beforeSending.has(code) || isCertificateFault(code)) return { failed: 'unreachable', reason };
  return { failed: 'lost', reason };
}

/** A connection tried at several addresses fails with the faults of all of them; they are of one kind in practice. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return systemErrorCode(error) ?? '';
}

function isCertificateFault(code: string): boolean {
  return /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_SSL_)/.test(code);
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ECONNRESET: 'the connection was broken',
  UND_ERR_SOCKET: 'the connection was closed before the answer was complete',
  UND_ERR_CONNECT_TIMEOUT: `no connection within ${connectTimeout / 1000} s`,
  UND_ERR_HEADERS_TIMEOUT: `no answer within ${answerTimeout / 1000} s`,
  UND_ERR_BODY_TIMEOUT: `the answer stopped for ${answerTimeout / 1000} s`,
  UND_ERR_RES_EXCEEDED_MAX_SIZE: `it is larger than ${maxAnswer / 1024 / 1024} MB`,
};

import { systemErrorCode } from '../support/errors.ts';
import type { HttpLimits } from './limits.ts';

/** Why this side gave an exchange up, or will not have what was answered. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly kind: 'aborted' | 'unreadable' | 'too_large';

  constructor(kind: Refused['kind'], reason: string) {
    super(reason);
    this.kind = kind;
  }
}

/** The answer, as it is sent, is past the limit in bytes. */
export function tooLarge(maxAnswer: number): Refused {
  return new Refused('too_large', `it is larger than ${megabytes(maxAnswer)}`);
}

export interface Fault {
  /** For people: a clause without a full stop. */
  readonly reason: string;
  /** What it makes of a request that had been sent. */
  readonly kind: 'lost' | 'unreadable' | 'too_large';
  /** Whether trying again at once would go no better. */
  readonly lasting: boolean;
}

/** What an error of the client means. */
export function faultOf(error: unknown, limits: HttpLimits): Fault {
  if (error instanceof Refused) {
    const kind = error.kind === 'aborted' ? 'lost' : error.kind;
    return { reason: error.message, kind, lasting: true };
  }
  const code = codeOf(error);
  const known = isNotHttp(error) ? 'it is not HTTP' : reasonOf(code, limits);
  const reason = known ?? (error instanceof Error ? error.message || code : String(error));
  const kind =
    code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE'
      ? 'too_large'
      : isUnreadable(error, code)
        ? 'unreadable'
        : 'lost';
  return { reason, kind, lasting: lasting.has(code) || isCertificateFault(code) };
}

/** A connection tried at several addresses fails with the faults of all of them; they are of one kind in practice. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return systemErrorCode(error) ?? '';
}

/** Names that are not known, requests that cannot be made, proxies that refuse. */
const lasting = new Set(['ENOTFOUND', 'UND_ERR_INVALID_ARG', 'UND_ERR_ABORTED', 'UND_ERR_PRX_TLS']);

/** Whether what was answered is not HTTP, or more of it than is looked at. */
function isUnreadable(error: unknown, code: string): boolean {
  return isNotHttp(error) || code === 'UND_ERR_HEADERS_OVERFLOW';
}

/** The HTTP parser's errors have a class of their own and not always a code. */
function isNotHttp(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

function isCertificateFault(code: string): boolean {
  return /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_SSL_|HOSTNAME_MISMATCH|EPROTO)/.test(code);
}

function reasonOf(code: string, limits: HttpLimits): string | null {
  const { connectTimeout, headersTimeout, bodyTimeout, maxAnswer } = limits;
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `no connection within ${connectTimeout / 1000} s`;
    case 'UND_ERR_HEADERS_TIMEOUT':
      return `no answer within ${headersTimeout / 1000} s`;
    case 'UND_ERR_BODY_TIMEOUT':
      return `the answer stopped for ${bodyTimeout / 1000} s`;
    case 'UND_ERR_RES_EXCEEDED_MAX_SIZE':
      return tooLarge(maxAnswer).message;
    default:
      return Object.hasOwn(reasons, code) ? (reasons[code] ?? null) : null;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ECONNRESET: 'the connection was broken',
  UND_ERR_SOCKET: 'the connection was closed before the answer was complete',
  UND_ERR_ABORTED: 'the proxy would not connect to it',
  UND_ERR_HEADERS_OVERFLOW: 'its headers are larger than 16 KB',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'it is not as long as it says',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody this machine trusts',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody this machine trusts',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody this machine trusts',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody this machine trusts',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** For people: `50 MB`. */
export function megabytes(bytes: number): string {
  return `${Math.round((bytes / 1024 / 1024) * 100) / 100} MB`;
}

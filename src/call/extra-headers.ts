import { type Failure, failure } from '../support/errors.ts';
import type { WireRequest } from './transport.ts';

/** Headers that belong to the account or to the connection. */
const reserved = new Set([
  'authorization',
  'proxy-authorization',
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'te',
  'trailer',
  'expect',
]);

/** Adds the headers a caller wants beside those of the operation. RFC 9110, section 5. */
export function addHeaders(
  request: WireRequest,
  extra: Readonly<Record<string, string>>,
): WireRequest | Failure {
  const added = Object.entries(extra);
  if (added.length === 0) return request;
  const headers: Record<string, string> = { ...request.headers };
  for (const [name, value] of added) {
    const key = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(key)) return unusable(name, 'that is no name of a header');
    if (reserved.has(key)) return unusable(name, 'it is set from the account or by the connection');
    if (!/^[\t\x20-\x7e\xa0-\xff]*$/.test(value))
      return unusable(name, 'its value holds a line end or a sign that headers cannot hold');
    headers[key] = value;
  }
  return { ...request, headers };
}

function unusable(name: string, reason: string): Failure {
  return failure('invalid_arguments', `The header ${JSON.stringify(name)} cannot be sent: ${reason}.`, {
    hint: 'Leave it away; credentials belong into the account.',
    details: { header: name },
  });
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import { minute } from '../../kit/clock.ts';

/** Where exports are fetched. */
export const exportsPath = '/_audit_log_exports';

const lifetime = 10 * minute;

interface Signed {
  readonly id: string;
  readonly secret: string;
}

/** A URL that gives the file to whoever has it, for ten minutes. */
export function exportUrl(baseUrl: string, signed: Signed, time: number): string {
  const expires = String(time + lifetime);
  const query = new URLSearchParams({ expires, signature: signatureOf(signed, expires) });
  return `${baseUrl}${exportsPath}/${signed.id}.csv?${query.toString()}`;
}

export type UrlVerdict = 'right' | 'forged' | 'expired';

/** @param query what the URL's query says of `expires` and `signature` */
export function checkUrl(
  signed: Signed,
  query: { readonly expires: string; readonly signature: string },
  time: number,
): UrlVerdict {
  const expected = Buffer.from(signatureOf(signed, query.expires));
  const given = Buffer.from(query.signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'forged';
  return time < Number(query.expires) ? 'right' : 'expired';
}

function signatureOf({ id, secret }: Signed, expires: string): string {
  return createHmac('sha256', secret).update(`${id}.${expires}`).digest('hex');
}

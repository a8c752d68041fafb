import { type KeyObject, sign } from 'node:crypto';
import { day } from '../../kit/clock.ts';

/** Object identifiers in their encoded form. */
const sha256WithRsa = '2a864886f70d01010b';
const commonName = '550403';

const tag = { integer: 0x02, bitString: 0x03, null: 0x05, oid: 0x06, utf8: 0x0c, time: 0x18, sequence: 0x30 };
const set = 0x31;
/** The tag of a certificate's version: explicit, number 0. */
const version = 0xa0;

const lifetime = 3650 * day;

/**
 * A self-signed X.509 certificate (RFC 5280) of an RSA key. A key set of WorkOS holds one for each key, though all
 * that verifies tokens looks at the key alone; this is the little of X.509 it takes.
 *
 * @param name who it is for
 * @param from milliseconds since 1970
 * @returns its DER form
 */
export function selfSignedCertificate(
  key: { readonly privateKey: KeyObject; readonly publicKey: KeyObject },
  name: string,
  from: number,
): Buffer {
  const algorithm = der(tag.sequence, der(tag.oid, sha256WithRsa), der(tag.null));
  const subject = der(
    tag.sequence,
    der(set, der(tag.sequence, der(tag.oid, commonName), der(tag.utf8, Buffer.from(name)))),
  );
  const content = der(
    tag.sequence,
    // Version 3 is written as 2.
    der(version, der(tag.integer, '02')),
    der(tag.integer, '01'),
    algorithm,
    subject,
    der(tag.sequence, time(from), time(from + lifetime)),
    subject,
    key.publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', content, key.privateKey);
  // The leading byte says that no bit of the last one is unused.
  return der(tag.sequence, content, algorithm, der(tag.bitString, '00', signature));
}

/** @param parts bytes, or their hexadecimal form */
function der(kind: number, ...parts: (Buffer | string)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'hex') : part)),
  );
  return Buffer.concat([Buffer.from([kind]), lengthOf(body), body]);
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

/** As GeneralizedTime: 20260601120000Z. */
function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/\D/g, '').slice(0, 14);
  return der(tag.time, Buffer.from(`${digits}Z`));
}

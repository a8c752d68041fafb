import { createCipheriv, createDecipheriv, createHmac, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/**
 * Encrypts a text with AES-256-GCM, bound to its place: at another place, or changed by a bit, it does not open.
 * @returns base64 of nonce, tag and ciphertext
 */
export function seal(key: Buffer, place: string, text: string): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.from(place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** Opens what `seal` made; null when the key, the place or the text is another. */
export function unseal(key: Buffer, place: string, sealed: string): string | null {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < ivBytes + tagBytes) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
    return text.toString('utf8');
  } catch {
    return null;
  }
}

export function newKey(): Buffer {
  return randomBytes(keyBytes);
}

/** Tells keys apart without telling anything of them. */
export function keyId(key: Buffer): string {
  return createHmac('sha256', key).update('kosmo key').digest('hex').slice(0, 16);
}

/** A key as text: 32 bytes in hex or base64. Null for anything else. */
export function parseKey(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64');
  return null;
}

/** A key from words a person chose: costly on purpose, for whoever would guess them (about 100 ms a guess). */
export async function stretch(words: string, salt: string): Promise<Buffer> {
  const options = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
  return (await promisify<string, Buffer, number, object, Buffer>(scrypt)(
    words,
    Buffer.from(salt, 'base64'),
    keyBytes,
    options,
  )) satisfies Buffer;
}

import { megabytes, Refused } from './faults.ts';

/**
 * Undoes the `Content-Encoding` of a body (RFC 9110, 8.4), never making more of it than the limit.
 * @throws Refused `too_large`, or `unreadable` when it is not encoded as it says
 */
export async function inflate(chunks: readonly Buffer[], encoding: string, limit: number): Promise<Buffer> {
  let body = Buffer.concat(chunks);
  // Encodings are named in the order they were applied.
  for (const name of encoding.split(',').reverse()) {
    const coding = name.trim().toLowerCase();
    if (coding !== '' && coding !== 'identity' && body.length > 0) body = await decoded(body, coding, limit);
  }
  return body;
}

async function decoded(body: Buffer, coding: string, maxOutputLength: number): Promise<Buffer<ArrayBuffer>> {
  const { brotliDecompress, gunzip, inflate: unzlib } = await import('node:zlib');
  const decoders: Readonly<Record<string, typeof gunzip>> = {
    gzip: gunzip,
    'x-gzip': gunzip,
    deflate: unzlib,
    br: brotliDecompress,
  };
  const decode = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
  if (decode === undefined) throw new Refused('unreadable', `it is encoded as ${coding.slice(0, 40)}`);
  return new Promise((resolve, reject) => {
    decode(body, { maxOutputLength }, (error, output) => {
      if (error === null)
        return resolve(Buffer.from(output.buffer as ArrayBuffer, output.byteOffset, output.byteLength));
      const tooLarge = 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      reject(
        tooLarge
          ? new Refused('too_large', `inflated it is larger than ${megabytes(maxOutputLength)}`)
          : new Refused('unreadable', `it is not ${coding}, as it says`),
      );
    });
  });
}

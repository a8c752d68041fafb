import { createHash, createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Context } from '../../kit/context.ts';
import { environmentOfClient } from '../../kit/environments.ts';
import { notFound } from '../../kit/errors.ts';
import type { Resource } from '../../operation.ts';
import { selfSignedCertificate } from './certificate.ts';
import { insertSigningKey, type SigningKeyRow, signingKeyOf } from './signing-keys.table.ts';

export const signingKeys = {
  SsoController_jsonWebKeySet: {
    environmentOf: (database, { path }) => {
      const environment = environmentOfClient(database, path.clientId);
      if (environment === null) throw notFound('Client', path.clientId);
      return environment;
    },
    prepare: async (_request, context) => {
      const key = await ensureSigningKey(context);
      return () => ({ keys: [publicPart(key)] });
    },
  },
} satisfies Resource<'SsoController_jsonWebKeySet'>;

const generate = promisify(generateKeyPair);
const modulusLength = 2048;

/**
 * The key that signs an environment's tokens, made when there is none. That takes a tenth of a second or more, so it
 * happens outside of any transaction.
 */
export async function ensureSigningKey(context: Context): Promise<SigningKeyRow> {
  const { database, environment } = context;
  const known = signingKeyOf(database, environment.id);
  if (known !== null) return known;
  const pair = await generate('rsa', { modulusLength });
  const certificate = selfSignedCertificate(pair, environment.client_id, context.time);
  insertSigningKey(database, environment.id, {
    id: context.newId('key_'),
    private_key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: certificate.toString('base64'),
    created_at: context.now,
  });
  const row = signingKeyOf(database, environment.id);
  if (row === null) throw new Error('The key was made a moment ago.');
  return row;
}

/** A key as a key set serves it (RFC 7517). */
function publicPart(row: SigningKeyRow) {
  const { n, e } = createPublicKey(row.private_key).export({ format: 'jwk' });
  if (n === undefined || e === undefined) throw new Error('An RSA key has a modulus and an exponent.');
  const thumbprint = createHash('sha256').update(Buffer.from(row.certificate, 'base64')).digest('base64url');
  return {
    alg: 'RS256' as const,
    kty: 'RSA' as const,
    use: 'sig' as const,
    x5c: [row.certificate],
    n,
    e,
    kid: row.id,
    'x5t#S256': thumbprint,
  };
}

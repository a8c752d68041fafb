import type { Context } from '../../kit/context.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { loadTotp } from '../auth-factors/totp.ts';
import { ensureSigningKey } from '../signing-keys/signing-keys.ts';
import { clientEnvironment, hasSecret } from './client.ts';
import { authenticateWithCode } from './grants/authorization-code.ts';
import { authenticateWithDeviceCode } from './grants/device-code.ts';
import { authenticateWithEmailVerification } from './grants/email-verification.ts';
import type { Asker, GrantAnswer } from './grants/grant.ts';
import { authenticateWithMagicAuth } from './grants/magic-auth.ts';
import { authenticateWithSecondFactor } from './grants/mfa.ts';
import { authenticateWithOrganization } from './grants/organization-selection.ts';
import { authenticateWithPassword } from './grants/password.ts';
import { authenticateWithRefreshToken } from './grants/refresh-token.ts';
import { provePassword } from './proofs/password.ts';

type Request = OperationRequest<'UserlandSessionsController_authenticate[0]'>;
type Work = (context: Context, request: Request) => GrantAnswer;

export const authentication = {
  'UserlandSessionsController_authenticate[0]': {
    environmentOf: (database, { body }) => clientEnvironment(database, body.client_id),
    prepare: async (request, context): Promise<Work> => {
      const { body } = request;
      const isPublic = !hasSecret(context, body);
      const key = await ensureSigningKey(context);
      const device = { ipAddress: body.ip_address ?? null, userAgent: body.user_agent ?? null };
      return grantOf(context, request, { isPublic, device, key });
    },
  },
} satisfies Resource<'UserlandSessionsController_authenticate[0]'>;

/** What a grant does, once its slow part is done. */
async function grantOf(now: Context, { body }: Request, asker: Asker): Promise<Work> {
  switch (body.grant_type) {
    case 'authorization_code':
      return (context) => authenticateWithCode(context, body, asker);
    case 'password': {
      const proof = await provePassword(now, body.email, body.password);
      return (context) => authenticateWithPassword(context, body, asker, proof);
    }
    case 'refresh_token':
      return (context) => authenticateWithRefreshToken(context, body, asker);
    case 'urn:workos:oauth:grant-type:magic-auth:code':
      return (context) => authenticateWithMagicAuth(context, body, asker);
    case 'urn:workos:oauth:grant-type:email-verification:code':
      return (context) => authenticateWithEmailVerification(context, body, asker);
    case 'urn:workos:oauth:grant-type:mfa-totp': {
      const totp = await loadTotp();
      return (context) => authenticateWithSecondFactor(context, body, asker, totp);
    }
    case 'urn:workos:oauth:grant-type:organization-selection':
      return (context) => authenticateWithOrganization(context, body, asker);
    case 'urn:ietf:params:oauth:grant-type:device_code':
      return (context) => authenticateWithDeviceCode(context, body, asker);
  }
}

import type { Later, OperationRequest, Refusal, Reply } from '../../../operation.ts';
import type { AuthenticationMethod } from '../../sessions/authentication-method.ts';
import type { Device } from '../../sessions/session.ts';
import type { SigningKeyRow } from '../../signing-keys/signing-keys.table.ts';
import type { SignIn } from '../sign-in.ts';

type Body = OperationRequest<'UserlandSessionsController_authenticate[0]'>['body'];

/** The body of a request for tokens, by what it offers for them. */
export type GrantBody<Type extends Body['grant_type']> = Extract<Body, { grant_type: Type }>;

export type GrantAnswer = Later<Reply<'UserlandSessionsController_authenticate[0]'>> | Refusal;

/** What is known of who asks. */
export interface Asker {
  /** Whether the client has no secret to show. */
  readonly isPublic: boolean;
  readonly device: Device;
  /** What signs the tokens. */
  readonly key: SigningKeyRow;
}

/** What is known of a user who has just shown who they are. */
export function beginningWith(
  asker: Asker,
  user: { readonly id: string },
  method: AuthenticationMethod,
  invitationToken: string | null,
): SignIn {
  return {
    userId: user.id,
    method,
    organizationId: null,
    invitationToken,
    hasSecondFactor: false,
    isPublic: asker.isPublic,
    device: asker.device,
  };
}

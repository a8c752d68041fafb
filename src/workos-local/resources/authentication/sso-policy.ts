import type { Context } from '../../kit/context.ts';
import { ApiError } from '../../kit/errors.ts';
import type { ConnectionRow } from '../connections/connections.table.ts';

/**
 * The connections somebody with an address has to sign in by: those of an organization that has verified its domain
 * and set up single sign-on. With that an organization takes no other way, as WorkOS has it unless told otherwise.
 */
export function connectionsRequiredFor(context: Context, email: string): ConnectionRow[] {
  return context.database.all<ConnectionRow>(
    `SELECT connections.* FROM organization_domains AS domains
     JOIN connections ON connections.organization_id = domains.organization_id AND connections.state = 'active'
     WHERE domains.environment_id = ? AND domains.domain = ? AND domains.state IN ('verified', 'legacy_verified')
     ORDER BY connections.created_at, connections.id`,
    [context.environment.id, domainOf(email)],
  );
}

/** @throws ApiError 400 `sso_required` */
export function assertNoSsoRequired(context: Context, email: string): void {
  const connections = connectionsRequiredFor(context, email);
  if (connections.length === 0) return;
  throw new ApiError(400, {
    error: 'sso_required',
    error_description: 'The organization of this address signs in by single sign-on.',
    email,
    connection_ids: connections.map(({ id }) => id),
  });
}

function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase();
}

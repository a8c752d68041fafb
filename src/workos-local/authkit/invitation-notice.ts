import { environmentById } from '../kit/environments.ts';
import { contextOf } from '../pages/context-of.ts';
import type { PageHost, Visit } from '../pages/host.ts';
import { type Html, notice } from '../pages/page.ts';
import type { Flow } from '../resources/authorization-flows/flows.table.ts';
import { invitationByToken } from '../resources/invitations/invitations.table.ts';
import { organizationById } from '../resources/organizations/organizations.table.ts';
import { displayName } from '../resources/users/user.ts';
import { userById } from '../resources/users/users.table.ts';

const nowhere: Visit = { baseUrl: '', isRemote: false, requestId: '' };

/** Who invites a visitor to what, when they came by an invitation. */
export function invitationNotice(host: PageHost, { request, environment_id }: Flow): Html | '' {
  const environment = environmentById(host.database, environment_id);
  if (request.invitationToken === null || environment === null) return '';
  const context = contextOf(host, environment, nowhere);
  const invitation = invitationByToken(context, request.invitationToken);
  if (invitation === null) return '';
  const inviter = userById(context, invitation.inviter_user_id ?? '');
  const organization = organizationById(context, invitation.organization_id ?? '');
  const who = inviter === null ? 'You are invited' : `${displayName(inviter)} invites you`;
  return notice('note', organization === null ? `${who}.` : `${who} to ${organization.name}.`);
}

import type { Context } from '../kit/context.ts';
import { createAuditLogEvent } from '../resources/audit-logs/audit-log-events.ts';
import { createSchema, type Definition } from '../resources/audit-logs/audit-log-schemas.ts';
import { organizationByExternalId } from '../resources/organizations/organizations.table.ts';
import { userByExternalId } from '../resources/users/users.table.ts';
import { harborlight } from './company.ts';
import { known } from './known.ts';

const actions: readonly { readonly name: string; readonly definition: Definition }[] = [
  { name: 'user.signed_in', definition: { targets: [{ type: 'team' }, { type: 'user' }] } },
  { name: 'user.signed_out', definition: { targets: [{ type: 'team' }, { type: 'user' }] } },
  {
    name: 'project.shared',
    definition: {
      targets: [{ type: 'project' }, { type: 'user' }],
      metadata: { type: 'object', properties: { role: { type: 'string' } }, required: ['role'] },
    },
  },
];

/** What people did, by their external ids. */
const trail = [
  { person: 'person-1', action: 'user.signed_in', targets: [{ type: 'team', id: 'harborlight' }] },
  {
    person: 'person-1',
    action: 'project.shared',
    targets: [
      { type: 'project', id: 'test-rig', name: 'Test rig' },
      { type: 'user', id: 'person-3' },
    ],
    metadata: { role: 'project-editor' },
  },
  { person: 'person-2', action: 'user.signed_in', targets: [{ type: 'team', id: 'harborlight' }] },
  { person: 'person-1', action: 'user.signed_out', targets: [{ type: 'team', id: 'harborlight' }] },
];

/** Defines actions, and makes the audit trail of one organization. */
export function seedAuditLog(next: () => Context): void {
  for (const { name, definition } of actions) createSchema(next(), name, definition, null);
  for (const { person, ...event } of trail) {
    const context = next();
    const user = known(userByExternalId(context, person), person);
    const body = {
      organization_id: known(organizationByExternalId(context, harborlight), harborlight).id,
      event: {
        ...event,
        occurred_at: context.now,
        actor: { type: 'user', id: user.id, name: `${user.first_name} ${user.last_name}` },
        context: { location: '203.0.113.20', user_agent: 'Mozilla/5.0' },
      },
    };
    createAuditLogEvent(context, body, null);
  }
}

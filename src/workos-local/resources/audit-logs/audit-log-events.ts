import { day, timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { type ApiError, badRequest } from '../../kit/errors.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { retentionDays } from '../audit-log-settings/retention.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import {
  type AuditLogEventRow,
  type AuditLogFilter,
  deleteEventsBefore,
  insertAuditLogEvent,
  selectAuditLogEvents,
} from './audit-log-events.table.ts';
import { actionByName, schemaOfVersion } from './audit-log-schemas.table.ts';
import { type Definition, parseDefinition } from './audit-log-schemas.ts';
import { loadMetadataChecker, type MetadataChecker } from './metadata-schema.ts';

export const auditLogEvents = {
  AuditLogEventsController_create: {
    prepare: async ({ body }) => {
      const check = await loadMetadataChecker();
      return (context) => {
        createAuditLogEvent(context, body, check);
        return { success: true };
      };
    },
  },
} satisfies Resource<'AuditLogEventsController_create'>;

export type NewAuditLogEvent = OperationRequest<'AuditLogEventsController_create'>['body'];
type Event = NewAuditLogEvent['event'];

/** An entry of an organization's audit log. */
export interface AuditLogEntry extends Event {
  readonly id: string;
  readonly version: number;
}

/** What an event follows that names no version: later ones are asked for by name, so that no program breaks by them. */
const firstVersion = 1;

/**
 * Adds an entry to an organization's audit log.
 *
 * @throws ApiError 404 without the organization, 400 `invalid_audit_log_event` when the event does not fit the schema
 *   of its action
 */
export function createAuditLogEvent(
  context: Context,
  { organization_id, event }: NewAuditLogEvent,
  check: MetadataChecker | null,
): void {
  const organization = requireOrganization(context, organization_id);
  const version = event.version ?? firstVersion;
  const action = actionByName(context, event.action);
  if (action === null) throw invalidEvent(['/action'], `No schema defines the action '${event.action}'.`);
  const schema = schemaOfVersion(context, action.id, version);
  if (schema === null) throw invalidEvent(['/version'], `The action has no version ${version}.`);
  const misfits = misfitsOf(event, parseDefinition(schema), check);
  if (misfits.length > 0) throw invalidEvent(misfits, 'It does not fit the schema of its action.');
  forgetExpired(context, organization.id);
  insertAuditLogEvent(context, {
    id: context.newId('audit_log_event_'),
    organization_id: organization.id,
    action: event.action,
    version,
    occurred_at: timestamp(Date.parse(event.occurred_at)),
    actor_id: event.actor.id,
    actor_name: event.actor.name ?? null,
    event: JSON.stringify(event),
    created_at: context.now,
  });
}

/**
 * The audit log of an organization, the latest entry first; what is past its retention is no longer there.
 *
 * @param page how many entries after how many; all of them unless said
 */
export function auditLogOf(
  context: Context,
  organizationId: string,
  filter: AuditLogFilter = {},
  page: { readonly limit?: number; readonly offset?: number } = {},
): AuditLogEntry[] {
  const oldest = oldestKept(context, organizationId);
  const rangeStart =
    filter.rangeStart !== undefined && filter.rangeStart > oldest ? filter.rangeStart : oldest;
  return selectAuditLogEvents(context, organizationId, { ...filter, rangeStart }, page).map(entryOf);
}

/** Deletes the entries of an organization that are past its retention. */
export function forgetExpired(context: Context, organizationId: string): void {
  deleteEventsBefore(context, organizationId, oldestKept(context, organizationId));
}

function oldestKept(context: Context, organizationId: string): string {
  return timestamp(context.time - retentionDays(context, organizationId) * day);
}

function entryOf(row: AuditLogEventRow): AuditLogEntry {
  // Written by this server from a checked event.
  const event = JSON.parse(row.event) as Event;
  return { ...event, id: row.id, version: row.version, occurred_at: row.occurred_at };
}

/** Where an event does not fit a schema, as JSON pointers. */
function misfitsOf(event: Event, definition: Definition, check: MetadataChecker | null): string[] {
  const found: string[] = [];
  const hold = (pointer: string, schema: object | undefined, value: object | undefined) => {
    if (schema === undefined || check === null) return;
    found.push(...check.misfits(schema, value ?? {}).map((place) => `${pointer}/metadata${place}`));
  };
  if (event.targets.length === 0) found.push('/targets');
  event.targets.forEach((target, at) => {
    const known = definition.targets.find(({ type }) => type === target.type);
    if (known === undefined) found.push(`/targets/${at}/type`);
    else hold(`/targets/${at}`, known.metadata, target.metadata);
  });
  hold('/actor', definition.actor?.metadata, event.actor.metadata);
  hold('', definition.metadata, event.metadata);
  return found;
}

function invalidEvent(places: readonly string[], reason: string): ApiError {
  return badRequest('invalid_audit_log_event', `Invalid Audit Log event. ${reason}`, {
    errors: places.map((instancePath) => ({ instancePath })),
  });
}

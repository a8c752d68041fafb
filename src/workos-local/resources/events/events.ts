import { timestamp } from '../../kit/clock.ts';
import { invalidField } from '../../kit/errors.ts';
import { type EventRow, serializeEvent } from '../../kit/events.ts';
import { type Filter, listOf, listPage } from '../../kit/list.ts';
import type { Reply, Resource } from '../../operation.ts';

export const events = {
  EventsController_list: (context, { query }) => {
    const where: Filter[] = [];
    if (query.events !== undefined) {
      where.push(['event IN (SELECT value FROM json_each(?))', JSON.stringify(query.events)]);
    }
    if (query.organization_id !== undefined) where.push(['organization_id = ?', query.organization_id]);
    if (query.range_start !== undefined) {
      where.push(['created_at >= ?', moment('range_start', query.range_start)]);
    }
    if (query.range_end !== undefined) where.push(['created_at < ?', moment('range_end', query.range_end)]);
    // A consumer of events keeps the id of the last one it has seen and asks for what came after it, so this one
    // list is oldest first.
    const page = listPage<EventRow>(context, query, {
      table: 'events',
      prefix: 'event_',
      where,
      order: 'asc',
    });
    return listOf(page, served);
  },
} satisfies Resource<'EventsController_list'>;

type ServedEvent = Reply<'EventsController_list'>['data'][number];

/** The data was checked by the compiler when it was emitted; read back, its type is the union of all events. */
function served(row: EventRow): ServedEvent {
  return serializeEvent(row) as ServedEvent;
}

/** @throws ApiError 422 when the text is no moment */
function moment(field: string, text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalidField(field, 'invalid_format', `${field} must be a time in ISO 8601.`);
  return timestamp(time);
}

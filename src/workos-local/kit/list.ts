import type { SqlValue } from '../../sqlite/index.ts';
import { timestamp } from './clock.ts';
import type { Context } from './context.ts';
import { invalidField } from './errors.ts';
import { timeOfId } from './ids.ts';

/** The parameters every list takes. */
export interface ListQuery {
  readonly before?: string;
  readonly after?: string;
  readonly limit?: number;
  readonly order?: Order;
}

export type Order = 'asc' | 'desc' | 'normal';

/** A condition of SQL and the values of its question marks. */
export type Filter = readonly [condition: string, ...values: SqlValue[]];

export interface ListSource {
  /** A table with `id`, `environment_id` and `created_at`. */
  readonly table: string;
  /** The prefix of its ids, which tells a cursor from a text somebody made up. */
  readonly prefix: string;
  readonly where?: readonly Filter[];
  /** Newest first unless said otherwise. */
  readonly order?: Order;
}

export interface Page<Row> {
  readonly rows: Row[];
  readonly list_metadata: { before: string | null; after: string | null };
}

interface Positioned {
  readonly id: string;
  readonly created_at: string;
}

/** A place in a list: rows sort by the moment they were made, and by id within a millisecond. */
type Position = readonly [createdAt: string, id: string];

/**
 * Reads one page of a list. The cursor is an id whose place does not change, so pages neither skip nor repeat a row
 * while others are added; and because an id tells when it was made, a cursor outlives its row.
 *
 * @throws ApiError 422 for a cursor that no list of this kind gave out
 */
export function listPage<Row extends Positioned>(
  context: Context,
  query: ListQuery,
  source: ListSource,
): Page<Row> {
  const order = query.order ?? source.order ?? 'desc';
  // `normal` is newest first with the two cursors' meanings exchanged: `after` asks for newer rows.
  const reversed = order === 'normal';
  const after = positionOf(
    context,
    source,
    reversed ? 'before' : 'after',
    reversed ? query.before : query.after,
  );
  const before = positionOf(
    context,
    source,
    reversed ? 'after' : 'before',
    reversed ? query.after : query.before,
  );
  const limit = query.limit ?? 10;
  const ascending = order === 'asc';
  // With `before` alone the page ends at the cursor, so it is read backwards from there.
  const backwards = before !== null && after === null;
  const rows = select<Row>(context, source, {
    above: ascending ? after : before,
    below: ascending ? before : after,
    ascending: ascending !== backwards,
    limit: limit + 1,
  });
  const more = rows.length > limit;
  if (more) rows.pop();
  if (backwards) rows.reverse();
  const first = rows[0];
  const last = rows.at(-1);
  const isThere = (row: Row | undefined, side: 'ahead' | 'behind'): boolean =>
    row !== undefined &&
    select(context, source, {
      above: (side === 'ahead') === ascending ? [row.created_at, row.id] : null,
      below: (side === 'ahead') === ascending ? null : [row.created_at, row.id],
      ascending,
      limit: 1,
    }).length > 0;
  const hasPrevious = backwards ? more : after !== null && isThere(first, 'behind');
  const hasNext = backwards || (before !== null && !more) ? isThere(last, 'ahead') : more;
  const previous = hasPrevious ? (first?.id ?? null) : null;
  const next = hasNext ? (last?.id ?? null) : null;
  return {
    rows,
    list_metadata: reversed ? { before: next, after: previous } : { before: previous, after: next },
  };
}

/** The shape of a list's answer. */
export function listOf<Row, Item>(
  page: Page<Row>,
  serialize: (row: Row) => Item,
): { object: 'list'; data: Item[]; list_metadata: { before: string | null; after: string | null } } {
  return { object: 'list', data: page.rows.map(serialize), list_metadata: page.list_metadata };
}

interface Selection {
  readonly above: Position | null;
  readonly below: Position | null;
  readonly ascending: boolean;
  readonly limit: number;
}

function select<Row>(context: Context, source: ListSource, selection: Selection): Row[] {
  const { above, below, ascending, limit } = selection;
  const values: SqlValue[] = [context.environment.id];
  let sql = `SELECT * FROM ${source.table} WHERE environment_id = ?`;
  for (const [condition, ...given] of source.where ?? []) {
    sql += ` AND (${condition})`;
    values.push(...given);
  }
  if (above !== null) {
    sql += ' AND (created_at, id) > (?, ?)';
    values.push(...above);
  }
  if (below !== null) {
    sql += ' AND (created_at, id) < (?, ?)';
    values.push(...below);
  }
  const direction = ascending ? 'ASC' : 'DESC';
  values.push(limit);
  return context.database.all<Row>(
    `${sql} ORDER BY created_at ${direction}, id ${direction} LIMIT ?`,
    values,
  );
}

function positionOf(
  context: Context,
  source: ListSource,
  name: 'before' | 'after',
  cursor: string | undefined,
): Position | null {
  if (cursor === undefined) return null;
  const row = context.database.get<Positioned>(
    `SELECT id, created_at FROM ${source.table} WHERE environment_id = ? AND id = ?`,
    [context.environment.id, cursor],
  );
  if (row !== null) return [row.created_at, row.id];
  // A row that has been deleted since leaves its place in its id.
  const time = timeOfId(source.prefix, cursor);
  if (time === null) {
    throw invalidField(name, 'invalid_cursor', `${name} is not the id of an object of this list.`);
  }
  return [timestamp(time), cursor];
}

import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';
import type { ListAction, ListType } from './radar-lists.ts';

export interface AttemptRow {
  readonly id: string;
  /** JSON: what was asked about. */
  readonly request: string;
  readonly verdict: 'allow' | 'block';
  readonly reason: string;
  readonly control: string | null;
  readonly blocklist_type: ListType | null;
  readonly challenge_status: string | null;
  readonly attempt_status: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertAttempt(context: Context, row: AttemptRow): void {
  context.database.run(
    `INSERT INTO radar_attempts (id, environment_id, request, verdict, reason, control, blocklist_type,
       challenge_status, attempt_status, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.request,
      row.verdict,
      row.reason,
      row.control,
      row.blocklist_type,
      row.challenge_status,
      row.attempt_status,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function updateAttempt(context: Context, row: AttemptRow): void {
  context.database.run(
    'UPDATE radar_attempts SET challenge_status = ?, attempt_status = ?, updated_at = ? WHERE id = ?',
    [row.challenge_status, row.attempt_status, row.updated_at, row.id],
  );
}

/** @throws ApiError 404 */
export function requireAttempt(context: Context, id: string): AttemptRow {
  const row = context.database.get<AttemptRow>(
    'SELECT * FROM radar_attempts WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
  if (row === null) throw notFound('Radar attempt', id);
  return row;
}

/** What was attempted, the newest first. */
export function attemptsOf(context: Context, limit: number): AttemptRow[] {
  return context.database.all<AttemptRow>(
    'SELECT * FROM radar_attempts WHERE environment_id = ? ORDER BY created_at DESC, id DESC LIMIT ?',
    [context.environment.id, limit],
  );
}

/** @returns false when it was in the list already */
export function insertEntry(context: Context, type: ListType, action: ListAction, entry: string): boolean {
  const changes = context.database.run(
    `INSERT INTO radar_list_entries (environment_id, type, action, entry, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
    [context.environment.id, type, action, entry, context.now],
  );
  return changes === 1;
}

/** @returns false when it was not in the list */
export function deleteEntry(context: Context, type: ListType, action: ListAction, entry: string): boolean {
  const changes = context.database.run(
    'DELETE FROM radar_list_entries WHERE environment_id = ? AND type = ? AND action = ? AND entry = ?',
    [context.environment.id, type, action, entry],
  );
  return changes === 1;
}

export function entriesOf(context: Context, type: ListType, action: ListAction): string[] {
  return context.database
    .all<{ entry: string }>(
      'SELECT entry FROM radar_list_entries WHERE environment_id = ? AND type = ? AND action = ?',
      [context.environment.id, type, action],
    )
    .map((row) => row.entry);
}

export function hasEntry(context: Context, type: ListType, action: ListAction, entry: string): boolean {
  return (
    context.database.get(
      'SELECT 1 FROM radar_list_entries WHERE environment_id = ? AND type = ? AND action = ? AND entry = ?',
      [context.environment.id, type, action, entry],
    ) !== null
  );
}

import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

export interface ActionRow {
  readonly id: string;
  readonly name: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface SchemaRow {
  readonly id: string;
  readonly action_id: string;
  readonly version: number;
  /** JSON: a Definition. */
  readonly definition: string;
  readonly created_at: string;
}

export function insertAction(context: Context, row: ActionRow): void {
  context.database.run(
    'INSERT INTO audit_log_actions (id, environment_id, name, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
    [row.id, context.environment.id, row.name, row.created_at, row.updated_at],
  );
}

export function touchAction(context: Context, id: string): void {
  context.database.run('UPDATE audit_log_actions SET updated_at = ? WHERE id = ?', [context.now, id]);
}

export function actionByName(context: Context, name: string): ActionRow | null {
  return context.database.get<ActionRow>(
    'SELECT * FROM audit_log_actions WHERE environment_id = ? AND name = ?',
    [context.environment.id, name],
  );
}

/** @throws ApiError 404 */
export function requireAction(context: Context, name: string): ActionRow {
  const row = actionByName(context, name);
  if (row === null) throw notFound('Audit Log action', name);
  return row;
}

export function insertSchema(context: Context, row: SchemaRow): void {
  context.database.run(
    `INSERT INTO audit_log_schemas (id, environment_id, action_id, version, definition, created_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [row.id, context.environment.id, row.action_id, row.version, row.definition, row.created_at],
  );
}

export function schemaOfVersion(context: Context, actionId: string, version: number): SchemaRow | null {
  return context.database.get<SchemaRow>(
    'SELECT * FROM audit_log_schemas WHERE action_id = ? AND version = ?',
    [actionId, version],
  );
}

/** The latest version of an action's schema; an action has one from the start. */
export function latestSchema(context: Context, actionId: string): SchemaRow | null {
  return context.database.get<SchemaRow>(
    'SELECT * FROM audit_log_schemas WHERE action_id = ? ORDER BY version DESC LIMIT 1',
    [actionId],
  );
}

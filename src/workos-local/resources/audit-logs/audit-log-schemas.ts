import type { Context } from '../../kit/context.ts';
import { invalidField } from '../../kit/errors.ts';
import { listOf, listPage } from '../../kit/list.ts';
import type { Resource } from '../../operation.ts';
import {
  type ActionRow,
  actionByName,
  insertAction,
  insertSchema,
  latestSchema,
  requireAction,
  type SchemaRow,
  touchAction,
} from './audit-log-schemas.table.ts';
import { loadMetadataChecker, type MetadataChecker } from './metadata-schema.ts';

export const auditLogSchemas = {
  AuditLogValidatorsController_list: (context, { query }) => {
    const page = listPage<ActionRow>(context, query, {
      table: 'audit_log_actions',
      prefix: 'audit_log_action_',
    });
    return listOf(page, (row) => {
      const schema = latestSchema(context, row.id);
      if (schema === null) throw new Error(`${row.name} has no schema.`);
      return {
        object: 'audit_log_action' as const,
        name: row.name,
        schema: serializeSchema(schema),
        created_at: row.created_at,
        updated_at: row.updated_at,
      };
    });
  },

  AuditLogValidatorVersionsController_schemas: (context, { path, query }) => {
    const action = requireAction(context, path.actionName);
    const page = listPage<SchemaRow>(context, query, {
      table: 'audit_log_schemas',
      prefix: 'audit_log_schema_',
      where: [['action_id = ?', action.id]],
    });
    return listOf(page, serializeSchema);
  },

  AuditLogValidatorVersionsController_create: {
    prepare: async ({ path, body }) => {
      const check = await loadMetadataChecker();
      return (context) => createSchema(context, path.actionName, body, check);
    },
  },
} satisfies Resource<
  | 'AuditLogValidatorsController_list'
  | 'AuditLogValidatorVersionsController_schemas'
  | 'AuditLogValidatorVersionsController_create'
>;

/** What an event of an action looks like. Where metadata has no JSON Schema, it may be anything. */
export interface Definition {
  readonly actor?: { metadata: Record<string, unknown> };
  readonly targets: { type: string; metadata?: Record<string, unknown> }[];
  readonly metadata?: Record<string, unknown>;
}

const longestName = 255;

/**
 * Makes the next version of an action's schema, and the action with its first. Versions do not change: an event says
 * which one it follows.
 *
 * @throws ApiError 422 when the name is none, or a schema of metadata cannot be used
 */
export function createSchema(
  context: Context,
  name: string,
  definition: Definition,
  check: MetadataChecker | null,
): ReturnType<typeof serializeSchema> {
  if (name.trim() === '' || name.length > longestName) {
    throw invalidField('actionName', 'invalid_name', `An action's name has up to ${longestName} characters.`);
  }
  if (definition.targets.length === 0) throw invalidField('targets', 'too_few', 'targets must name one.');
  for (const [field, schema] of metadataSchemas(definition)) {
    if (check !== null && !check.isUsable(schema)) {
      throw invalidField(
        field,
        'invalid_schema',
        `${field} must be a JSON Schema that can be used by itself.`,
      );
    }
  }
  const known = actionByName(context, name);
  const action: ActionRow = known ?? {
    id: context.newId('audit_log_action_'),
    name,
    created_at: context.now,
    updated_at: context.now,
  };
  if (known === null) insertAction(context, action);
  else touchAction(context, action.id);
  const row: SchemaRow = {
    id: context.newId('audit_log_schema_'),
    action_id: action.id,
    version: (latestSchema(context, action.id)?.version ?? 0) + 1,
    definition: JSON.stringify(definition),
    created_at: context.now,
  };
  insertSchema(context, row);
  return serializeSchema(row);
}

/** Every schema of metadata that a definition holds, by its field. */
function metadataSchemas({ actor, targets, metadata }: Definition): [field: string, schema: object][] {
  const found: [string, object][] = targets.flatMap((target, at) =>
    target.metadata === undefined
      ? []
      : [[`targets.${at}.metadata`, target.metadata] satisfies [string, object]],
  );
  if (actor !== undefined) found.push(['actor.metadata', actor.metadata]);
  if (metadata !== undefined) found.push(['metadata', metadata]);
  return found;
}

export function parseDefinition(row: SchemaRow): Definition {
  // Written by this server from a checked body.
  return JSON.parse(row.definition) as Definition;
}

function serializeSchema(row: SchemaRow) {
  const { actor, targets, metadata } = parseDefinition(row);
  return {
    object: 'audit_log_schema' as const,
    version: row.version,
    ...(actor === undefined ? {} : { actor }),
    targets,
    ...(metadata === undefined ? {} : { metadata }),
    created_at: row.created_at,
  };
}

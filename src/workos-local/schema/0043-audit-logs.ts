import type { Migration } from '../../sqlite/index.ts';

export const auditLogs: Migration = {
  name: 'audit logs',
  sql: `
    CREATE TABLE audit_log_actions (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_log_actions_by_time ON audit_log_actions (environment_id, created_at, id);
    CREATE UNIQUE INDEX audit_log_actions_by_name ON audit_log_actions (environment_id, name);

    CREATE TABLE audit_log_schemas (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      action_id TEXT NOT NULL REFERENCES audit_log_actions (id) ON DELETE CASCADE,
      version INTEGER NOT NULL,
      -- JSON: actor, targets and metadata as they were given. A version never changes.
      definition TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_log_schemas_by_time ON audit_log_schemas (environment_id, created_at, id);
    CREATE UNIQUE INDEX audit_log_schemas_by_version ON audit_log_schemas (action_id, version);

    CREATE TABLE audit_log_events (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
      action TEXT NOT NULL,
      version INTEGER NOT NULL,
      occurred_at TEXT NOT NULL,
      actor_id TEXT NOT NULL,
      actor_name TEXT,
      -- JSON: the event as it was given.
      event TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_log_events_by_time ON audit_log_events (organization_id, occurred_at, id);

    CREATE TABLE audit_log_exports (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
      csv TEXT NOT NULL,
      -- What its URLs are signed with.
      secret TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_log_exports_by_organization ON audit_log_exports (organization_id);
  `,
};

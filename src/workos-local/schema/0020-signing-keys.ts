import type { Migration } from '../../sqlite/index.ts';

export const signingKeys: Migration = {
  name: 'signing keys',
  sql: `
    -- One for each environment, made when it is first needed.
    CREATE TABLE signing_keys (
      environment_id TEXT PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
      id TEXT NOT NULL,
      -- PKCS #8 as PEM.
      private_key TEXT NOT NULL,
      -- X.509 as base 64.
      certificate TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE jwt_templates (
      environment_id TEXT PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
      content TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};

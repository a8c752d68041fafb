import type { Migration } from '../../sqlite/index.ts';

/**
 * The providers every environment has from the start: WorkOS has no operation that makes one, so without them nobody
 * could connect anything. Their ids come from the environment's: the eleventh digit of its ULID is never as high.
 */
const standardProviders = `
  SELECT 'data_integration_' || substr(environment.id, 13, 10) || provider.digit || substr(environment.id, 24),
    environment.id, provider.slug, provider.name, provider.description, provider.scopes, environment.created_at,
    environment.created_at
  FROM (
    SELECT 'R' AS digit, 'github' AS slug, 'GitHub' AS name, 'Read the repositories you work on' AS description,
      '["repo","user:email"]' AS scopes
    UNION ALL SELECT 'S', 'slack', 'Slack', 'Post to the channels you choose', '["channels:read","chat:write"]'
  ) AS provider`;

export const dataIntegrations: Migration = {
  name: 'data integrations',
  sql: `
    CREATE TABLE data_providers (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      slug TEXT NOT NULL,
      name TEXT NOT NULL,
      description TEXT,
      -- JSON: what is asked for.
      scopes TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX data_providers_by_slug ON data_providers (environment_id, slug);

    INSERT INTO data_providers ${standardProviders}, environments AS environment;
    CREATE TRIGGER environments_have_data_providers AFTER INSERT ON environments BEGIN
      INSERT INTO data_providers ${standardProviders},
        (SELECT NEW.id AS id, NEW.created_at AS created_at) AS environment;
    END;

    -- A user's account at a provider. The organization it is for goes with it; so does the user.
    CREATE TABLE connected_accounts (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      provider_id TEXT NOT NULL REFERENCES data_providers (id) ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      organization_id TEXT REFERENCES organizations (id) ON DELETE CASCADE,
      -- JSON: what was granted.
      scopes TEXT NOT NULL,
      state TEXT NOT NULL,
      -- What the provider gave: handed out on demand, so it is kept as it is. It opens nothing but this server.
      access_token TEXT NOT NULL,
      access_token_expires_at TEXT NOT NULL,
      -- Whether the user has taken the grant back at the provider, which comes to light at the next refresh.
      is_revoked INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX connected_accounts_by_user
      ON connected_accounts (user_id, provider_id, coalesce(organization_id, ''));

    CREATE TABLE data_integration_authorizations (
      token_hash TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      provider_id TEXT NOT NULL REFERENCES data_providers (id) ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      organization_id TEXT REFERENCES organizations (id) ON DELETE CASCADE,
      return_to TEXT,
      used_at TEXT,
      expires_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};

import type { Migration } from '../../sqlite/index.ts';

export const organizations: Migration = {
  name: 'organizations',
  sql: `
    CREATE TABLE organizations (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      external_id TEXT,
      stripe_customer_id TEXT,
      allow_profiles_outside_organization INTEGER NOT NULL,
      metadata TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX organizations_by_time ON organizations (environment_id, created_at, id);
    CREATE UNIQUE INDEX organizations_by_external_id ON organizations (environment_id, external_id);
    CREATE UNIQUE INDEX organizations_by_stripe_customer ON organizations (environment_id, stripe_customer_id);

    CREATE TABLE organization_domains (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
      domain TEXT NOT NULL,
      state TEXT NOT NULL,
      verification_strategy TEXT NOT NULL,
      verification_prefix TEXT,
      verification_token TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX organization_domains_by_organization ON organization_domains (organization_id, domain);
    CREATE INDEX organization_domains_by_domain ON organization_domains (environment_id, domain);

    CREATE TABLE dns_records (
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      text TEXT NOT NULL,
      PRIMARY KEY (environment_id, name, text)
    ) STRICT, WITHOUT ROWID;
  `,
};

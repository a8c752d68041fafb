import type { Migration } from '../../sqlite/index.ts';

export const singleSignOn: Migration = {
  name: 'single sign-on',
  sql: `
    -- Somebody on the way to an identity provider and back.
    CREATE TABLE sso_sign_ins (
      token_hash TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
      -- Who may redeem the code it ends with: the application itself, or the hosted sign-in.
      audience TEXT NOT NULL,
      come_back_to TEXT NOT NULL,
      state TEXT,
      login_hint TEXT,
      code_challenge TEXT,
      used_at TEXT,
      expires_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE sso_profiles (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
      idp_id TEXT NOT NULL,
      email TEXT NOT NULL,
      first_name TEXT,
      last_name TEXT,
      -- JSON, all three.
      groups TEXT NOT NULL,
      custom_attributes TEXT NOT NULL,
      raw_attributes TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX sso_profiles_by_idp_id ON sso_profiles (connection_id, idp_id);

    CREATE TABLE sso_codes (
      code_hash TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      profile_id TEXT NOT NULL REFERENCES sso_profiles (id) ON DELETE CASCADE,
      audience TEXT NOT NULL,
      code_challenge TEXT,
      used_at TEXT,
      expires_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- What opens a profile for a while: access tokens and logout tokens.
    CREATE TABLE sso_tokens (
      token_hash TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      profile_id TEXT NOT NULL REFERENCES sso_profiles (id) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      used_at TEXT,
      expires_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};

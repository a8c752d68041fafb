import type { Migration } from '../../sqlite/index.ts';

export const users: Migration = {
  name: 'users',
  sql: `
    CREATE TABLE users (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      email TEXT NOT NULL,
      -- The address in the form in which two addresses are compared.
      email_key TEXT NOT NULL,
      email_verified INTEGER NOT NULL,
      name TEXT,
      first_name TEXT,
      last_name TEXT,
      profile_picture_url TEXT,
      locale TEXT,
      external_id TEXT,
      metadata TEXT NOT NULL,
      password_hash TEXT,
      password_hash_type TEXT,
      last_sign_in_at TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX users_by_time ON users (environment_id, created_at, id);
    CREATE UNIQUE INDEX users_by_email ON users (environment_id, email_key);
    CREATE UNIQUE INDEX users_by_external_id ON users (environment_id, external_id);

    CREATE TABLE user_identities (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      provider TEXT NOT NULL,
      idp_id TEXT NOT NULL,
      email_key TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX user_identities_by_provider ON user_identities (environment_id, provider, idp_id);
    CREATE INDEX user_identities_by_user ON user_identities (user_id, created_at, id);

    CREATE TABLE email_verifications (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      email TEXT NOT NULL,
      code TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      used_at TEXT,
      expires_at TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX email_verifications_by_user ON email_verifications (user_id, created_at, id);

    -- One at most for each user: asking again takes the place of what was asked before.
    CREATE TABLE email_changes (
      user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
      new_email TEXT NOT NULL,
      code TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      used_at TEXT,
      expires_at TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- What WorkOS would send by e-mail.
    CREATE TABLE inbox (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      recipient TEXT NOT NULL,
      subject TEXT NOT NULL,
      code TEXT,
      token TEXT,
      link TEXT,
      created_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX inbox_by_time ON inbox (environment_id, created_at, id);
  `,
};

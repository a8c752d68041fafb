import type { Migration } from '../../sqlite/index.ts';

export const signIn: Migration = {
  name: 'sign-in',
  sql: `
    -- Somebody who has shown who they are and has one more step before them.
    CREATE TABLE pending_authentications (
      token_hash TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      -- JSON: what has been shown so far.
      sign_in TEXT NOT NULL,
      expires_at TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX pending_authentications_by_user ON pending_authentications (user_id);

    CREATE TABLE authorization_codes (
      code_hash TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
      -- Of PKCE, by S256; null when the client did not send one.
      code_challenge TEXT,
      used_at TEXT,
      expires_at TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX authorization_codes_by_session ON authorization_codes (session_id);

    CREATE TABLE magic_auths (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      email TEXT NOT NULL,
      invitation_token TEXT,
      code TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      used_at TEXT,
      expires_at TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX magic_auths_by_user ON magic_auths (user_id, created_at, id);

    CREATE TABLE password_resets (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      email TEXT NOT NULL,
      -- As it is: the API shows it again.
      token TEXT NOT NULL,
      used_at TEXT,
      expires_at TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX password_resets_by_token ON password_resets (environment_id, token);
    CREATE INDEX password_resets_by_user ON password_resets (user_id);
  `,
};

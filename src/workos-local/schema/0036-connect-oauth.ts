import type { Migration } from '../../sqlite/index.ts';

export const connectOauth: Migration = {
  name: 'connect oauth',
  sql: `
    -- Where an application that has its own sign-in wants its users sent; without it the hosted pages sign them in.
    CREATE TABLE connect_login_uris (
      environment_id TEXT PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
      uri TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- A request of a Connect application, until its user has answered it.
    CREATE TABLE connect_requests (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      application_id TEXT NOT NULL REFERENCES connect_applications (id) ON DELETE CASCADE,
      redirect_uri TEXT NOT NULL,
      -- JSON, as are the consent options.
      scopes TEXT NOT NULL,
      state TEXT,
      nonce TEXT,
      code_challenge TEXT,
      resource TEXT,
      -- Of an external sign-in: who it was, what they are asked, and what the way back shows.
      user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
      consent_options TEXT NOT NULL,
      completion_hash TEXT UNIQUE,
      expires_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Codes and refresh tokens: both are good once, and both go with the authorization they came of.
    CREATE TABLE connect_grants (
      token_hash TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      authorization_id TEXT NOT NULL REFERENCES authorized_applications (id) ON DELETE CASCADE,
      redirect_uri TEXT,
      scopes TEXT NOT NULL,
      nonce TEXT,
      code_challenge TEXT,
      -- JSON: what was chosen on the consent page.
      claims TEXT NOT NULL,
      used_at TEXT,
      created_at TEXT NOT NULL,
      expires_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX connect_grants_by_authorization ON connect_grants (authorization_id);
  `,
};

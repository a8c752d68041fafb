import type { Migration } from '../../sqlite/index.ts';

export const authorizationFlows: Migration = {
  name: 'authorization flows',
  sql: `
    -- Somebody in front of the hosted pages, from the authorize URL until they are sent back.
    CREATE TABLE authorization_flows (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      -- The browser that opened it first: nobody else goes on with what somebody has shown.
      browser_hash TEXT,
      -- JSON: what was asked for.
      request TEXT NOT NULL,
      -- The address that was typed, once one was.
      email TEXT,
      -- JSON: what has been shown so far.
      sign_in TEXT,
      user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
      -- The challenge of their second factor.
      challenge_id TEXT REFERENCES auth_challenges (id) ON DELETE SET NULL,
      expires_at TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX authorization_flows_by_user ON authorization_flows (user_id);
    CREATE INDEX authorization_flows_by_challenge ON authorization_flows (challenge_id);
  `,
};

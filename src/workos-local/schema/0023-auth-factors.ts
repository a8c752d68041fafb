import type { Migration } from '../../sqlite/index.ts';

export const authFactors: Migration = {
  name: 'authentication factors',
  sql: `
    CREATE TABLE auth_factors (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      -- Null for one that an application keeps for somebody whom only it knows.
      user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
      type TEXT NOT NULL,
      phone_number TEXT,
      totp_issuer TEXT,
      totp_user TEXT,
      -- Base 32.
      totp_secret TEXT,
      -- The thirty seconds of the last code that was taken: neither it nor one before it is taken again.
      last_step INTEGER,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX auth_factors_by_user ON auth_factors (user_id, created_at, id);

    CREATE TABLE auth_challenges (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      factor_id TEXT NOT NULL REFERENCES auth_factors (id) ON DELETE CASCADE,
      -- What was sent; null when the code comes from an authenticator.
      code TEXT,
      attempts INTEGER NOT NULL,
      used_at TEXT,
      expires_at TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX auth_challenges_by_factor ON auth_challenges (factor_id);
  `,
};

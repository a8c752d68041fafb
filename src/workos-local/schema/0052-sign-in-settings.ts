import type { Migration } from '../../sqlite/index.ts';

/** What WorkOS's dashboard sets of sign-in, and who is in a session in place of its user. */
export const signInSettings: Migration = {
  name: 'sign-in settings',
  sql: `
    CREATE TABLE sign_in_settings (
      environment_id TEXT PRIMARY KEY REFERENCES environments (id) ON DELETE CASCADE,
      -- JSON: what is set otherwise than a new environment has it.
      settings TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- JSON: the address of whoever is somebody else in this session, and their reason; null for all other sessions.
    ALTER TABLE sessions ADD COLUMN impersonator TEXT;
  `,
};

import type { Migration } from '../../sqlite/index.ts';

/** What the cookies of the server's pages are signed with. It is kept, so that a restart signs nobody out. */
export const pageSecrets: Migration = {
  name: 'page secrets',
  sql: `
    CREATE TABLE page_secrets (
      owner TEXT PRIMARY KEY,
      secret BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};

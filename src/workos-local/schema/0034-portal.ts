import type { Migration } from '../../sqlite/index.ts';

export const portal: Migration = {
  name: 'portal',
  sql: `
    -- A link to the Admin Portal, and the session it becomes when it is opened.
    CREATE TABLE portal_links (
      token_hash TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
      -- JSON: what of the portal it opens.
      sections TEXT NOT NULL,
      intent_options TEXT NOT NULL,
      it_contact_emails TEXT NOT NULL,
      return_url TEXT,
      success_url TEXT,
      expires_at TEXT NOT NULL,
      -- Null until it is opened, which it can be once.
      session_hash TEXT UNIQUE,
      session_expires_at TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX portal_links_by_organization ON portal_links (organization_id);
  `,
};

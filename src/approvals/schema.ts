import type { Schema } from '../sqlite/index.ts';

/**
 * Approvals that were asked for. What a run has seen and would send is sealed, and so is what a person decides: whoever
 * can write to the file, but has not the key, can approve nothing.
 */
export const approvalsSchema: Schema = {
  // "kapr"
  applicationId: 0x6b617072,
  migrations: [
    {
      name: 'approvals',
      sql: `
        CREATE TABLE approval (
          id TEXT PRIMARY KEY,
          asked_at INTEGER NOT NULL,
          expires_at INTEGER NOT NULL,
          client TEXT NOT NULL,
          -- Whom it was asked: the client, which shows it to its user, or whoever comes to a terminal.
          asked TEXT NOT NULL CHECK (asked IN ('client', 'terminal')),
          -- The functions, as JSON.
          functions TEXT NOT NULL,
          -- The process that asked, and those it was started by, as JSON.
          processes TEXT NOT NULL,
          -- For an operation that is a tool of its own: what it would send.
          fingerprint TEXT,
          run TEXT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('pending', 'decided', 'used')),
          decision TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX approval_expires_at ON approval (expires_at);
      `,
    },
  ],
};

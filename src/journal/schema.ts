import type { Schema } from '../sqlite/index.ts';

/** The journal's database. */
export const journalSchema: Schema = {
  // "kjrn"
  applicationId: 0x6b6a726e,
  migrations: [
    {
      name: 'runs',
      sql: `
        CREATE TABLE run (
          id TEXT PRIMARY KEY,
          started_at INTEGER NOT NULL,
          host TEXT NOT NULL,
          pid INTEGER NOT NULL,
          command TEXT NOT NULL,
          client TEXT,
          user TEXT,
          program TEXT,
          script_hash TEXT,
          account TEXT NOT NULL,
          state TEXT NOT NULL,
          duration_ms REAL,
          error TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX run_started_at ON run (started_at);
        CREATE INDEX run_running ON run (pid) WHERE state = 'running';
        CREATE TABLE call (
          run_id TEXT NOT NULL,
          number INTEGER NOT NULL,
          started_at INTEGER NOT NULL,
          function TEXT NOT NULL,
          account TEXT NOT NULL,
          effect TEXT,
          arguments TEXT NOT NULL,
          status INTEGER,
          attempts INTEGER NOT NULL,
          duration_ms REAL,
          request_id TEXT,
          error TEXT,
          PRIMARY KEY (run_id, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX call_function ON call (function, run_id);
      `,
    },
  ],
};

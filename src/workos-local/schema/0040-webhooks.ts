import type { Migration } from '../../sqlite/index.ts';

export const webhooks: Migration = {
  name: 'webhooks',
  sql: `
    -- What some events say beside the object they are about; null for the others.
    ALTER TABLE events ADD COLUMN context TEXT;

    CREATE TABLE webhook_endpoints (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      endpoint_url TEXT NOT NULL,
      -- As it is: it signs what is sent.
      secret TEXT NOT NULL,
      status TEXT NOT NULL,
      events TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX webhook_endpoints_by_time ON webhook_endpoints (environment_id, created_at, id);
    CREATE UNIQUE INDEX webhook_endpoints_by_url ON webhook_endpoints (environment_id, endpoint_url);

    -- The events of enabled endpoints, by event: what every event is looked up in.
    CREATE TABLE webhook_subscriptions (
      environment_id TEXT NOT NULL,
      event TEXT NOT NULL,
      endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
      PRIMARY KEY (environment_id, event, endpoint_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX webhook_subscriptions_by_endpoint ON webhook_subscriptions (endpoint_id);

    CREATE TABLE webhook_deliveries (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
      event_id TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
      state TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      next_attempt_at TEXT,
      -- While a process sends it: until when no other does, in milliseconds of the machine's own clock.
      leased_until INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (environment_id, created_at, id);
    CREATE INDEX webhook_deliveries_by_event ON webhook_deliveries (event_id);
    CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id);
    CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_attempt_at, id)
      WHERE state = 'pending';

    CREATE TABLE webhook_attempts (
      delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
      number INTEGER NOT NULL,
      attempted_at TEXT NOT NULL,
      -- Null when there was no answer.
      status INTEGER,
      error TEXT,
      response TEXT,
      PRIMARY KEY (delivery_id, number)
    ) STRICT, WITHOUT ROWID;
  `,
};

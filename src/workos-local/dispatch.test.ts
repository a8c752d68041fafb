import { describe, expect, it } from 'vitest';
import { Database, migrate } from '../sqlite/index.ts';
import { Catalogue } from './catalogue.ts';
import { Dispatcher, type LocalResponse } from './dispatch.ts';
import { localAccount } from './index.ts';
import { oauthError } from './kit/errors.ts';
import { emit } from './kit/events.ts';
import { IdSource } from './kit/ids.ts';
import { SystemRandom } from './kit/random.ts';
import { type OperationId, Redirect, type Resource } from './operation.ts';
import { schema } from './schema/migrations.ts';
import { seedOnce } from './seed/seed.ts';
import { ManualClock, manifest } from './testing/local-client.ts';

type Send = (
  method: string,
  path: string,
  options?: { body?: object; form?: string; key?: string | null; idempotencyKey?: string },
) => Promise<LocalResponse>;

/** A server with handlers of the test's own. */
function serve<Id extends OperationId>(
  resource: Resource<Id>,
): { send: Send; database: Database; clock: ManualClock } {
  const database = Database.open(':memory:');
  const clock = new ManualClock();
  const random = new SystemRandom();
  migrate(database, schema, '2026-01-01T00:00:00.000Z');
  seedOnce(database, clock.now());
  const dispatcher = new Dispatcher({
    database,
    manifest,
    beyond: [],
    catalogue: new Catalogue([resource]),
    clock,
    random,
    ids: new IdSource(random),
    autoEnvironments: false,
    pages: () => null,
    baseUrl: 'http://localhost:4100',
  });
  const send: Send = (method, path, { body, form, key = localAccount.apiKey, idempotencyKey } = {}) =>
    dispatcher.dispatch({
      method,
      path,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body: form ?? (body === undefined ? null : JSON.stringify(body)),
    });
  return { send, database, clock };
}

const event = {
  organization_id: 'org_1',
  event: {
    action: 'document.read',
    occurred_at: '2026-06-01T12:00:00.000Z',
    actor: { id: 'u', type: 'user' },
    targets: [{ id: 'd', type: 'document' }],
    context: { location: '127.0.0.1' },
  },
};

describe('a handler', () => {
  it('that is not there is said to be missing', async () => {
    const answer = await serve({}).send('GET', '/connections');
    expect(answer.status).toBe(501);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'not_in_this_server' });
  });

  it('that throws leaves nothing of its work, and the server answers the next request', async () => {
    let fail = true;
    const { send, database } = serve({
      OrganizationDomainsController_delete: (context) => {
        emit(context, 'test.happened', {});
        if (fail) throw new Error('stop');
        return undefined;
      },
    });
    const count = () =>
      database.get<{ n: number }>("SELECT count(*) AS n FROM events WHERE event = 'test.happened'")?.n;
    expect((await send('DELETE', '/organization_domains/x')).status).toBe(500);
    expect(count()).toBe(0);
    fail = false;
    expect((await send('DELETE', '/organization_domains/x')).status).toBe(204);
    expect(count()).toBe(1);
  });

  it('that throws takes nothing from the requests that came at the same time', async () => {
    const { send, database } = serve({
      OrganizationDomainsController_delete: (context, { path }) => {
        emit(context, `test.${path.id}`, {});
        if (path.id === 'bad') throw new Error('stop');
        return undefined;
      },
    });
    const answers = await Promise.all(
      ['one', 'bad', 'two'].map((id) => send('DELETE', `/organization_domains/${id}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([204, 500, 204]);
    expect(
      database.all("SELECT event FROM events WHERE event LIKE 'test.%' ORDER BY created_at, id"),
    ).toMatchObject([{ event: 'test.one' }, { event: 'test.two' }]);
  });

  it('whose preparation takes long dates its events by when they are kept, after those that were kept before', async () => {
    let prepared = () => {};
    const long = new Promise<void>((resolve) => {
      prepared = resolve;
    });
    const { send, database, clock } = serve({
      OrganizationDomainsController_delete: {
        prepare: async ({ path }) => {
          if (path.id === 'slow') await long;
          return (context) => {
            emit(context, `test.${path.id}`, {});
            return undefined;
          };
        },
      },
    });
    const slow = send('DELETE', '/organization_domains/slow');
    clock.advance(5);
    await send('DELETE', '/organization_domains/quick');
    clock.advance(5);
    prepared();
    await slow;
    const events = database.all<{ event: string }>(
      "SELECT event FROM events WHERE event LIKE 'test.%' ORDER BY created_at, id",
    );
    expect(events.map(({ event }) => event)).toEqual(['test.quick', 'test.slow']);
  });

  it('prepares slow work outside the transaction', async () => {
    const { send, database } = serve({
      OrganizationDomainsController_delete: {
        prepare: async ({ path }) => {
          await Promise.resolve();
          // It would wait for ever for a transaction of this connection.
          database.write(() => undefined);
          return (context) => {
            emit(context, `test.${path.id}`, {});
            return undefined;
          };
        },
      },
    });
    expect((await send('DELETE', '/organization_domains/prepared')).status).toBe(204);
    expect(database.all("SELECT 1 FROM events WHERE event = 'test.prepared'")).toHaveLength(1);
  });

  it('speaks OAuth’s errors where the endpoint does', async () => {
    const { send } = serve({
      SsoController_token: () => {
        throw oauthError(400, 'invalid_grant', 'The code has expired.');
      },
    });
    const answer = await send('POST', '/sso/token', {
      key: null,
      form: `grant_type=authorization_code&code=x&client_secret=y&client_id=${localAccount.clientId}`,
    });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({
      error: 'invalid_grant',
      error_description: 'The code has expired.',
    });
  });
});

describe('an operation without an API key', () => {
  const authorize = (): Resource<'SsoController_authorize'> => ({
    SsoController_authorize: (context) =>
      new Redirect(`https://app.example/?environment=${context.environment.id}`),
  });
  const query = `redirect_uri=${encodeURIComponent('https://app.example/')}&response_type=code`;

  it('acts in the environment of its client id, and may send the browser on', async () => {
    const { send, database } = serve(authorize());
    const path = `/sso/authorize?client_id=${localAccount.clientId}&${query}`;
    const answer = await send('GET', path, { key: null });
    const environment = database.get<{ id: string }>('SELECT id FROM environments');
    expect([answer.status, answer.headers['location'], answer.body]).toEqual([
      302,
      `https://app.example/?environment=${environment?.id}`,
      '',
    ]);
  });

  it('is refused for a client id that nobody has', async () => {
    const { send } = serve(authorize());
    expect((await send('GET', `/sso/authorize?client_id=client_x&${query}`, { key: null })).status).toBe(401);
  });
});

describe('an idempotency key', () => {
  const serveEvents = () => {
    const made: string[] = [];
    const served = serve({
      AuditLogEventsController_create: (context) => {
        made.push(context.newId('test_'));
        emit(context, 'test.made', {});
        return { success: true };
      },
    });
    return { ...served, made };
  };

  it('makes a write happen once, and gives the first answer again', async () => {
    const { send, made } = serveEvents();
    const first = await send('POST', '/audit_logs/events', { body: event, idempotencyKey: 'k' });
    const second = await send('POST', '/audit_logs/events', { body: event, idempotencyKey: 'k' });
    expect([first.status, first.body]).toEqual([second.status, second.body]);
    expect(made).toHaveLength(1);
    await send('POST', '/audit_logs/events', { body: event, idempotencyKey: 'l' });
    await send('POST', '/audit_logs/events', { body: event });
    expect(made).toHaveLength(3);
  });

  it('refuses another request under the same key', async () => {
    const { send } = serveEvents();
    await send('POST', '/audit_logs/events', { body: event, idempotencyKey: 'k' });
    const other = await send('POST', '/audit_logs/events', {
      body: { ...event, organization_id: 'org_2' },
      idempotencyKey: 'k',
    });
    expect(other.status).toBe(409);
    expect(JSON.parse(other.body).code).toBe('idempotency_key_reused');
  });

  it('is forgotten after a day', async () => {
    const { send, made, clock } = serveEvents();
    await send('POST', '/audit_logs/events', { body: event, idempotencyKey: 'k' });
    clock.advance(25 * 60 * 60 * 1000);
    await send('POST', '/audit_logs/events', {
      body: { ...event, organization_id: 'org_2' },
      idempotencyKey: 'k',
    });
    expect(made).toHaveLength(2);
  });
});

import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type ErrorCode, type Failure, failureOf, KosmoError } from '../../support/errors.ts';
import { ApiError } from '../kit/errors.ts';
import { type Schema, SchemaCompiler } from '../kit/validator.ts';
import type { AreaEnv, PageHost } from '../pages/host.ts';
import { moveClock, readClock } from './clock.ts';
import { setConnectLoginUri } from './connect-login.ts';
import { listDns, removeDns, setDns } from './dns.ts';
import { createEnvironment, deleteEnvironment, findEnvironment, listEnvironments } from './environments.ts';
import { exportState } from './export.ts';
import { addFault, clearFaults, listFaults } from './faults.ts';
import { localOnly } from './guard.ts';
import { type Impersonation, impersonate } from './impersonate.ts';
import { clearInbox, readInbox } from './inbox.ts';
import { resetAll, resetEnvironment } from './reset.ts';
import { loadSeed } from './seed-file.ts';
import { shownRequest } from './shown-request.ts';
import { changeSettings, readSettings, resetSettings, settingNames } from './sign-in-settings.ts';
import { deleteSnapshot, listSnapshots, restoreSnapshot, saveSnapshot } from './snapshots.ts';
import { statusOf } from './status.ts';
import { readDeliveries, redeliverTo } from './webhooks.ts';

type Env = AreaEnv;

const text: Schema = { type: 'string', maxLength: 1000 };
const whole: Schema = { type: 'integer', minimum: 0 };
const environment = { environment: text };

/**
 * What the `local:` commands do, over HTTP, for tests in any language: `/_local/api/…`. JSON in and out; only for
 * this machine. It is kosmo's own and no part of WorkOS's API.
 */
export function createControlApi(host: PageHost): Hono<Env> {
  const schemas = new SchemaCompiler(() => ({}));
  /** The JSON object a request brings. A page of another site cannot send one without being asked first (CORS). */
  const bodyOf = async <Body>(
    c: Context<Env>,
    properties: Record<string, Schema>,
    required: string[] = [],
  ) => {
    const value = await jsonOf(c);
    const schema = { type: 'object', properties, required, additionalProperties: false };
    const problems = schemas.validator(schema).problems(value);
    const [first] = problems;
    if (first === undefined) return value as Body;
    throw new KosmoError('usage', `${first.field || 'The body'}: ${first.message}`, {
      details: { errors: problems },
    });
  };
  const environmentOf = (c: Context<Env>) => findEnvironment(host, c.req.query('environment'));

  const app = new Hono<Env>().basePath('/_local/api');
  app.use(localOnly((reason) => Response.json({ code: 'forbidden', message: reason }, { status: 403 })));
  app.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
    c.header('x-content-type-options', 'nosniff');
  });
  app.notFound((c) =>
    c.json({ code: 'not_found', message: `There is no ${c.req.method} ${c.req.path}.` }, 404),
  );
  app.onError((error, c) => {
    if (error instanceof ApiError) return c.json(error.body, error.status as ContentfulStatusCode);
    const failure = failureOf(error);
    return c.json(failure, statusOfFailure(failure));
  });

  app.get('/status', (c) => c.json(statusOf(host)));

  app.get('/environments', (c) => c.json({ environments: listEnvironments(host) }));
  app.post('/environments', async (c) => {
    const { name, api_key } = await bodyOf<{ name?: string; api_key?: string }>(c, {
      name: text,
      api_key: text,
    });
    return c.json(
      createEnvironment(host, {
        ...(name === undefined ? {} : { name }),
        ...(api_key === undefined ? {} : { apiKey: api_key }),
      }),
      201,
    );
  });
  app.delete('/environments/:environment', (c) => {
    const found = findEnvironment(host, c.req.param('environment'));
    deleteEnvironment(host, found);
    return c.json({ deleted: found.id });
  });

  app.post('/reset', async (c) => {
    const body = await bodyOf<{ environment?: string; empty?: boolean }>(c, {
      ...environment,
      empty: { type: 'boolean' },
    });
    if (body.environment === undefined) {
      if (body.empty === true) throw new KosmoError('usage', 'empty is said of one environment.');
      resetAll(host);
      return c.json({ reset: 'all' });
    }
    const found = findEnvironment(host, body.environment);
    resetEnvironment(host, found, body.empty !== true);
    return c.json({ reset: found.id });
  });
  app.post('/seed', async (c) => c.json(await loadSeed(host, environmentOf(c), await jsonOf(c))));
  app.get('/export', (c) => c.json(exportState(host)));

  app.get('/snapshots', (c) => c.json({ snapshots: listSnapshots(host) }));
  app.put('/snapshots/:name', (c) => c.json(saveSnapshot(host, c.req.param('name')), 201));
  app.post('/snapshots/:name/restore', async (c) => {
    await bodyOf(c, {});
    return c.json(restoreSnapshot(host, c.req.param('name')));
  });
  app.delete('/snapshots/:name', (c) => {
    deleteSnapshot(host, c.req.param('name'));
    return c.json({ deleted: c.req.param('name') });
  });

  app.get('/inbox', async (c) => {
    const { to, kind, after, limit, wait } = c.req.query();
    const found = environmentOf(c);
    const query = {
      ...(to === undefined ? {} : { to }),
      ...(kind === undefined ? {} : { kind }),
      ...(after === undefined ? {} : { after }),
      ...(limit === undefined ? {} : { limit: numberOf('limit', limit, 1000) }),
    };
    const end = performance.now() + 1000 * numberOf('wait', wait ?? '0', 60);
    for (;;) {
      const mails = readInbox(host, found, query);
      if (mails.length > 0 || performance.now() >= end) return c.json({ mails });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  app.delete('/inbox', (c) => c.json({ cleared: clearInbox(host, environmentOf(c)) }));

  app.get('/clock', (c) => c.json(readClock(host)));
  app.post('/clock', async (c) => {
    const { change } = await bodyOf<{ change: string }>(c, { change: text }, ['change']);
    return c.json(moveClock(host, change));
  });

  app.get('/faults', (c) => c.json({ faults: listFaults(host) }));
  app.post('/faults', async (c) => {
    const body = await bodyOf<FaultBody>(c, {
      ...environment,
      operation: text,
      status: whole,
      retry_after: whole,
      times: whole,
      latency: whole,
      drop: { enum: ['request', 'answer'] },
    });
    const { environment: where, retry_after, ...fault } = body;
    const found = where === undefined ? null : findEnvironment(host, where);
    const made = addFault(host, found, {
      ...fault,
      ...(retry_after === undefined ? {} : { retryAfter: retry_after }),
    });
    return c.json(made, 201);
  });
  app.delete('/faults', (c) => c.json({ cleared: clearFaults(host) }));
  app.delete('/faults/:id', (c) => c.json({ cleared: clearFaults(host, c.req.param('id')) }));

  app.get('/settings', (c) => c.json(readSettings(host, environmentOf(c))));
  app.post('/settings', async (c) => {
    const { environment: where, ...changes } = await bodyOf<Record<string, string | number | boolean | null>>(
      c,
      { ...environment, ...Object.fromEntries(settingNames.map((name) => [name, {}])) },
    );
    return c.json(changeSettings(host, findEnvironment(host, where?.toString()), changes));
  });
  app.delete('/settings', (c) => c.json(resetSettings(host, environmentOf(c))));

  app.post('/impersonations', async (c) => {
    const body = await bodyOf<Impersonation & { environment?: string }>(
      c,
      {
        ...environment,
        user: { ...text, minLength: 1 },
        organization: text,
        impersonator: text,
        reason: { ...text, minLength: 1 },
        redirect_uri: text,
      },
      ['user', 'reason'],
    );
    const { environment: where, ...asked } = body;
    return c.json(impersonate(host, findEnvironment(host, where), asked), 201);
  });

  app.get('/dns', (c) => c.json({ records: listDns(host, environmentOf(c)) }));
  app.post('/dns', async (c) => {
    const body = await bodyOf<{ name: string; text: string; environment?: string }>(
      c,
      { ...environment, name: { ...text, minLength: 1 }, text },
      ['name', 'text'],
    );
    return c.json(setDns(host, findEnvironment(host, body.environment), body), 201);
  });
  app.delete('/dns/:name', (c) =>
    c.json({ removed: removeDns(host, environmentOf(c), c.req.param('name'), c.req.query('text')) }),
  );

  app.get('/webhooks/deliveries', (c) => {
    const { endpoint, state, limit } = c.req.query();
    const states = ['pending', 'delivered', 'failed'] as const;
    const wanted = states.find((each) => each === state);
    if (state !== undefined && wanted === undefined) {
      throw new KosmoError('usage', `state is one of ${states.join(', ')}.`);
    }
    const deliveries = readDeliveries(host, environmentOf(c), {
      limit: numberOf('limit', limit ?? '100', 1000),
      ...(endpoint === undefined ? {} : { endpointId: endpoint }),
      ...(wanted === undefined ? {} : { state: wanted }),
    });
    return c.json({ deliveries });
  });
  app.post('/webhooks/deliveries/:id/redeliver', async (c) => {
    await bodyOf(c, {});
    return c.json({ id: redeliverTo(host, environmentOf(c), c.req.param('id')) }, 201);
  });

  app.post('/directories/:id/import', async (c) => {
    if (c.req.header('content-type')?.startsWith('text/csv') !== true) {
      throw new KosmoError('usage', 'The content type of the body must be text/csv.');
    }
    const { importInto } = await import('./directories.ts');
    return c.json(importInto(host, environmentOf(c), c.req.param('id'), await c.req.text()));
  });

  app.put('/connect/login_uri', async (c) => {
    const body = await bodyOf<{ uri: string | null; environment?: string }>(
      c,
      { ...environment, uri: { type: ['string', 'null'] } },
      ['uri'],
    );
    return c.json(setConnectLoginUri(host, findEnvironment(host, body.environment), body.uri));
  });

  app.get('/requests', (c) => {
    const all = host.requests?.all ?? [];
    return c.json({
      requests: all.slice(0, numberOf('limit', c.req.query('limit') ?? '100', 500)).map(shownRequest),
    });
  });
  app.delete('/requests', (c) => {
    host.requests?.clear();
    return c.json({});
  });
  return app;
}

interface FaultBody {
  readonly environment?: string;
  readonly operation?: string;
  readonly status?: number;
  readonly retry_after?: number;
  readonly times?: number;
  readonly latency?: number;
  readonly drop?: 'request' | 'answer';
}

async function jsonOf(c: Context<Env>): Promise<unknown> {
  if (c.req.header('content-type')?.startsWith('application/json') !== true) {
    throw new KosmoError('usage', 'The content type of the body must be application/json.');
  }
  const body = await c.req.text();
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch {
    throw new KosmoError('usage', 'The body is not JSON.');
  }
}

function numberOf(name: string, given: string, most: number): number {
  const value = Number(given);
  if (/^\d+(\.\d+)?$/.test(given) && value <= most) return value;
  throw new KosmoError('usage', `${name} takes a number up to ${most}.`);
}

const notThere: ReadonlySet<ErrorCode> = new Set([
  'unknown_environment',
  'unknown_snapshot',
  'unknown_function',
]);

function statusOfFailure({ code }: Failure): ContentfulStatusCode {
  if (notThere.has(code)) return 404;
  return code === 'internal' || code === 'home_unusable' || code === 'database_invalid' ? 500 : 400;
}

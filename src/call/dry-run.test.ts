import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Catalog } from '../catalog/index.ts';
import { systemClock } from '../support/clock.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { CallPipeline, DryRun, OperationPlans, type RunOptions, unrecorded } from './index.ts';
import { environmentAccounts } from './testing/accounts.ts';
import { testExchanges } from './testing/pipeline.ts';
import type { WireRequest } from './transport.ts';

const catalog = Catalog.open(join(import.meta.dirname, '../../dist/integrations'));
const workos = catalog.get('workos');
if (workos === undefined) throw new Error('workos is not built');

let sent: WireRequest[];
beforeEach(() => {
  sent = [];
});

function pipeline(dryRun: DryRun, run: Partial<RunOptions> = {}) {
  const environment = { WORKOS_API_KEY: 'sk_live_very_secret', WORKOS_CLIENT_ID: 'client_1' };
  return new CallPipeline(
    {
      catalog,
      accounts: environmentAccounts(catalog, environment),
      transport: async () => ({
        async send(request) {
          sent.push(request);
          return { status: 200, headers: {}, body: '{"id":"org_real","data":[],"list_metadata":{}}' };
        },
      }),
      plans: new OperationPlans(),
      exchanges: testExchanges(systemClock),
      clock: systemClock,
      userAgent: 'kosmo/test',
      keep: () => null,
      warn: () => undefined,
    },
    {
      account: 'default',
      force: false,
      readOnly: false,
      rules: [],
      limits: { calls: 1_000, writes: 1_000 },
      timeoutMs: 120_000,
      deadline: Number.POSITIVE_INFINITY,
      journal: unrecorded,
      files: [],
      approve: async () => true,
      ...run,
      dryRun,
    },
  );
}

const never = new AbortController().signal;
async function answerTo(made: CallPipeline, name: string, args: JsonObject = {}): Promise<JsonObject> {
  const outcome = await made.call({ integration: 'workos', account: null, function: name, args }, never);
  if (!outcome.ok) throw new Error(outcome.error.message);
  return isJsonObject(outcome.value) ? outcome.value : {};
}

describe('a dry run of a program', () => {
  it('makes reads, and sends no write but lists it with its request', async () => {
    const dry = new DryRun('writes');
    const made = pipeline(dry);
    await answerTo(made, 'list_organizations', { limit: 3 });
    await answerTo(made, 'create_organization', { name: 'Acme' });
    await answerTo(made, 'delete_organization', { id: 'org_1' });
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET https://api.workos.com/organizations?limit=3',
    ]);
    expect(dry.planned.map(({ function: name, effect }) => [name, effect])).toEqual([
      ['workos.workos_organizations_create', 'write'],
      ['workos.workos_organizations_delete_organization', 'destructive'],
    ]);
    expect(dry.planned[0]?.request).toMatchObject({
      method: 'POST',
      url: 'https://api.workos.com/organizations',
      headers: { authorization: 'Bearer [redacted]' },
      body: { name: 'Acme' },
    });
    expect(JSON.stringify(dry.planned)).not.toContain('very_secret');
    expect(made.records.map(({ attempts, planned }) => [attempts, planned])).toEqual([
      [1, undefined],
      [0, true],
      [0, true],
    ]);
  });

  it('gives a write the value it would answer with: what was given is in it, ids are planned ones', async () => {
    const dry = new DryRun('writes');
    const made = pipeline(dry);
    const organization = await answerTo(made, 'create_organization', { name: 'Acme', external_id: 'acme' });
    expect(organization).toMatchObject({
      object: 'organization',
      id: 'planned_1',
      name: 'Acme',
      external_id: 'acme',
    });
    const user = await answerTo(made, 'create_user', { email: 'ann@example.com' });
    expect(user['email']).toBe('ann@example.com');
    expect(user['id']).toMatch(/^planned_\d+$/);
    expect(user['id']).not.toBe('planned_1');
    const membership = await answerTo(made, 'create_organization_membership', {
      user_id: user['id'] ?? null,
      organization_id: 'planned_1',
    });
    expect(membership).toMatchObject({ user_id: user['id'], organization_id: 'planned_1' });
  });

  it('keeps the id of what is changed', async () => {
    const changed = await answerTo(pipeline(new DryRun('writes')), 'update_organization', {
      id: 'org_1',
      name: 'New name',
    });
    expect(changed).toMatchObject({ id: 'org_1', name: 'New name' });
  });

  it.each([
    ['in the path', 'get_organization', { id: 'planned_1' }, {}],
    ['in the query', 'list_users', { organization_id: 'planned_1' }, { data: [] }],
    [
      'in the body',
      'check_authorization',
      { organization_membership_id: 'om_1', permission_slug: 'x', resource_id: 'planned_1' },
      {},
    ],
  ] as const)('plans a read that carries a planned id %s', async (_, name, args, answer) => {
    const dry = new DryRun('writes');
    const made = pipeline(dry);
    await answerTo(made, 'create_organization', { name: 'Acme' });
    expect(await answerTo(made, name, args)).toMatchObject(answer);
    expect(sent).toEqual([]);
    expect(dry.planned).toHaveLength(2);
  });

  it('sends what only looks like a planned id', async () => {
    const made = pipeline(new DryRun('writes'));
    await answerTo(made, 'get_organization', { id: 'planned_1' });
    await answerTo(made, 'create_organization', { name: 'Acme' });
    await answerTo(made, 'get_organization', { id: 'planned_12345' });
    await answerTo(made, 'get_organization', { id: 'unplanned_1' });
    expect(sent).toHaveLength(3);
  });

  it('refuses what the policy denies', async () => {
    const dry = new DryRun('writes');
    const made = pipeline(dry, { readOnly: true });
    const request = {
      integration: 'workos',
      account: null,
      function: 'create_organization',
      args: { name: 'x' },
    };
    expect(await made.call(request, never)).toMatchObject({ ok: false, error: { code: 'denied' } });
    expect(dry.planned).toEqual([]);
  });

  it.each(workos.reader.index.operations.map(({ slug }) => slug))(
    'has a value for %s that holds no id but planned and given ones, and no next page',
    async (slug) => {
      const dry = new DryRun('writes');
      const entry = workos.find(slug)[0];
      if (entry === undefined) throw new Error(slug);
      const { OperationPlan } = await import('./plan.ts');
      const plan = new OperationPlan(workos.reader.operation(entry), workos.reader);
      const request = { method: entry.method, url: 'https://api.example.com/x', headers: {}, body: null };
      const value = dry.plan({
        plan,
        args: { id: 'given' },
        wire: request,
        planned: { function: slug, account: 'default', effect: 'write', request },
      });
      expect(value).not.toBe(undefined);
      for (const id of idsIn(value ?? null)) expect(id).toMatch(/^(planned_\d+|given)$/);
      if (plan.operation.pagination?.style === 'cursor') {
        expect(value).toMatchObject({ data: [], list_metadata: { after: null } });
      }
    },
  );
});

function idsIn(value: JsonValue): string[] {
  if (Array.isArray(value)) return value.flatMap(idsIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    /(^|_)id$/.test(name) && typeof inner === 'string' ? [inner] : idsIn(inner),
  );
}

describe('a dry run of a call', () => {
  it('gives the request as it would go out, of reads too, with secrets taken out', async () => {
    const request = await answerTo(pipeline(new DryRun('everything')), 'list_organizations', { limit: 3 });
    expect(request).toEqual({
      method: 'GET',
      url: 'https://api.workos.com/organizations?limit=3',
      headers: {
        accept: 'application/json',
        authorization: 'Bearer [redacted]',
        'user-agent': 'kosmo/test',
      },
      body: null,
    });
    expect(sent).toEqual([]);
  });
});

describe('headers of a call', () => {
  const withHeaders = (headers: Record<string, string>) =>
    pipeline(new DryRun('writes')).call(
      { integration: 'workos', account: null, function: 'list_organizations', args: {}, headers },
      never,
    );

  it('go beside those of the operation', async () => {
    await withHeaders({ 'X-Trace': 'abc' });
    expect(sent[0]?.headers).toMatchObject({ 'x-trace': 'abc', accept: 'application/json' });
  });

  it.each([
    ['credentials', { Authorization: 'Bearer x' }],
    ['the connection’s own', { Host: 'elsewhere' }],
    ['line ends', { 'x-a': 'b\r\nauthorization: x' }],
    ['names that are none', { 'a b': 'c' }],
  ])('cannot be %s', async (_, headers) => {
    expect(await withHeaders(headers)).toMatchObject({ ok: false, error: { code: 'invalid_arguments' } });
    expect(sent).toEqual([]);
  });
});

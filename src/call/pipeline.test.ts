import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Catalog } from '../catalog/index.ts';
import type { JsonObject } from '../support/json.ts';
import { CallPipeline, Exchanges, OperationPlans, type RunOptions, unrecorded } from './index.ts';
import { environmentAccounts } from './testing/accounts.ts';
import { VirtualClock } from './testing/virtual-clock.ts';
import type { TransportFailure, WireRequest, WireResponse } from './transport.ts';

const catalog = Catalog.open(join(import.meta.dirname, '../../dist/integrations'));
const key = 'sk_live_very_secret';
const ok = (body: unknown): WireResponse => ({
  status: 200,
  headers: { 'x-request-id': 'req_7' },
  body: JSON.stringify(body),
});

let clock: VirtualClock;
let sent: WireRequest[];
let answers: (WireResponse | TransportFailure)[];
beforeEach(() => {
  clock = new VirtualClock();
  sent = [];
  answers = [];
});

function pipeline(
  run: Partial<RunOptions> = {},
  environment: Record<string, string> = { WORKOS_API_KEY: key, WORKOS_CLIENT_ID: 'client_1' },
) {
  return new CallPipeline(
    {
      catalog,
      accounts: environmentAccounts(catalog, environment),
      transport: async () => ({
        async send(request) {
          sent.push(request);
          clock.advance(5);
          return answers.shift() ?? ok({});
        },
      }),
      plans: new OperationPlans(),
      clock,
      exchanges: new Exchanges({ clock, random: () => 0, newKey: () => 'key_1' }),
      userAgent: 'kosmo/test',
      keep: () => null,
      warn: () => undefined,
    },
    {
      account: 'default',
      force: true,
      readOnly: false,
      rules: [],
      limits: { calls: 100, writes: 10 },
      timeoutMs: 120_000,
      deadline: Number.POSITIVE_INFINITY,
      journal: unrecorded,
      files: [],
      approve: null,
      dryRun: null,
      ...run,
    },
  );
}
const never = new AbortController().signal;
const call = (made: CallPipeline, name: string, args: JsonObject = {}, account: string | null = null) =>
  made.call({ integration: 'workos', account, function: name, args }, never);
const refusal = async (
  name: string,
  args: JsonObject = {},
  run: Partial<RunOptions> = {},
  environment?: Record<string, string>,
) => {
  const outcome = await call(pipeline(run, environment), name, args);
  if (outcome.ok) throw new Error('the call went through');
  return outcome.error;
};
const issues = async (name: string, args: JsonObject) => {
  const error = await refusal(name, args);
  expect(error.code).toBe('invalid_arguments');
  expect(sent).toEqual([]);
  return (error.details['errors'] as { message: string }[]).map(({ message }) => message);
};

describe('a call', () => {
  it('puts each argument where it belongs', async () => {
    await call(pipeline(), 'update_custom_role', {
      organization_id: 'org_1/x',
      slug: 'org-admin',
      name: 'Admin',
      body: { description: null },
    });
    expect(sent[0]).toMatchObject({
      method: 'PATCH',
      url: 'https://api.workos.com/authorization/organizations/org_1%2Fx/roles/org-admin',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'user-agent': 'kosmo/test',
      },
    });
    expect(JSON.parse(String(sent[0]?.body))).toEqual({ description: null, name: 'Admin' });
  });

  it('goes by Lua name, full name and path alias alike', async () => {
    const made = pipeline();
    for (const name of [
      'get_user',
      'workos_userland_users_get_0',
      'workos_user_management_users_get',
      'get-user',
    ]) {
      await call(made, name, { user_id: 'user_123' });
    }
    expect(new Set(sent.map(({ url }) => url))).toEqual(
      new Set(['https://api.workos.com/user_management/users/user_123']),
    );
    expect(new Set(made.records.map((record) => record.function))).toEqual(
      new Set(['workos.workos_userland_users_get_0']),
    );
  });

  it('writes lists and nested parameters as the document says', async () => {
    const made = pipeline();
    await call(made, 'list_organizations', { limit: 25, domains: ['a.com', 'b,c.com'] });
    await call(made, 'initiate_sso', {
      redirect_uri: 'https://a/b',
      response_type: 'code',
      provider_query_params: { hd: 'x y' },
    });
    expect(sent[0]?.url).toBe('https://api.workos.com/organizations?limit=25&domains=a.com,b%2Cc.com');
    expect(sent[1]?.url).toContain('provider_query_params[hd]=x%20y');
    expect(sent[1]?.url).toContain('client_id=client_1');
    expect(sent[1]?.headers['authorization']).toBeUndefined();
  });

  it('fills what the account knows, and only where the chosen variant takes it', async () => {
    const made = pipeline();
    await call(made, 'validate_api_key');
    await call(made, 'authenticate', { grant_type: 'password', email: 'a@b.test', password: 'x' });
    await call(made, 'authenticate', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'd',
    });
    const bodies = sent.map(({ body }) => JSON.parse(String(body)) as JsonObject);
    expect(bodies[0]).toEqual({ value: key });
    expect(bodies[1]).toMatchObject({ client_id: 'client_1', client_secret: key });
    expect(bodies[2]).toEqual({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'd',
      client_id: 'client_1',
    });
  });

  it('picks between two operations of one name by the arguments given', async () => {
    const made = pipeline();
    await call(made, 'list_groups', { organization_id: 'org_1' });
    await call(made, 'list_groups', { organization_membership_id: 'om_1' });
    await call(made, 'get_authorization_url', { slug: 'github', body: { user_id: 'user_1' } });
    await call(made, 'get_authorization_url', { response_type: 'code', redirect_uri: 'https://a/b' });
    expect(sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      'GET /organizations/org_1/groups',
      'GET /user_management/organization_memberships/om_1/groups',
      'POST /data-integrations/github/authorize',
      'GET /user_management/authorize',
    ]);
    const error = await refusal('list_groups');
    expect(error).toMatchObject({ code: 'ambiguous_function' });
    expect(error.message).toContain('workos.workos_groups_list');
    expect(error.message).toContain('workos.workos_organization_membership_groups_list_groups');
  });

  it('leaves a line in the journal, field for field', async () => {
    const made = pipeline();
    await call(made, 'list_organizations');
    expect(made.records).toEqual([
      {
        function: 'workos.workos_organizations_list',
        account: 'default',
        effect: 'read',
        status: 200,
        attempts: 1,
        duration_ms: 5,
        request_id: 'req_7',
      },
    ]);
  });

  it('keeps every digit of large integers', async () => {
    const made = pipeline();
    answers.push({ status: 200, headers: {}, body: '{"id":12345678901234567890}' });
    expect(await call(made, 'list_organizations')).toMatchObject({ value: { id: 12345678901234567890n } });
  });
});

describe('arguments that do not fit', () => {
  it('are all named at once, with what was expected and the nearest name', async () => {
    expect(
      await issues('list_organizations', { limit: 'many', limitt: 1, order: 'up', domains: [1] }),
    ).toEqual([
      'limitt: unknown argument. Did you mean limit?',
      expect.stringMatching(/^limit: expected an integer.*, got "many"$/),
      expect.stringMatching(/^order: expected one of "normal", "desc", "asc", got "up"/),
      'domains[1]: expected a string, got 1',
    ]);
  });

  it('are named by where they stand in the body', async () => {
    expect(
      await issues('create_organization', {
        body: { domain_data: [{ domain: 'a.com', stat: 'pending' }], nam: 'x' },
      }),
    ).toEqual([
      'body.name: expected a string, got nothing',
      expect.stringMatching(/^body\.domain_data\[1\]\.state: expected one of .*, got nothing$/),
      'body.domain_data[1].stat: unknown argument. Did you mean state?',
      'body.nam: unknown argument. Did you mean name?',
    ]);
    expect(await issues('create_organization', {})).toEqual(['name: expected a string, got nothing']);
    expect(await issues('create_organization', { body: 'x' })).toEqual(['body: expected an object, got "x"']);
  });

  it('are told for the variant that was meant', async () => {
    expect(await issues('authenticate', { grant_type: 'password', email: 5 })).toEqual([
      'password: expected a string, got nothing',
      'email: expected a string, got 5',
    ]);
    expect(await issues('authenticate', { grant_type: 'passwrd' })).toEqual([
      expect.stringMatching(/^grant_type: expected one of "authorization_code", "password".* got "passwrd"$/),
    ]);
  });

  it('are never guessed from two places', async () => {
    expect(await issues('get_user', { id: 'a', user_id: 'b' })).toEqual([
      'id: given twice (id and user_id are the same argument)',
    ]);
    expect(await issues('create_organization', { name: 'a', body: { name: 'b' } })).toEqual([
      'name: given twice (name is in body already)',
    ]);
  });

  it('cannot leave the path of the operation', async () => {
    for (const id of ['', '.', '..']) {
      expect(await issues('get_user', { id })).toEqual([
        `id: expected a value that can stand in a path, got "${id}"`,
      ]);
    }
  });

  it('are held to the groups of which one may be given', async () => {
    const base = { organization_membership_id: 'om_1', permission_slug: 'p' };
    expect(await issues('check_authorization', base)).toEqual([
      'missing: give resource_id, or resource_external_id with resource_type_slug',
    ]);
    expect(
      await issues('check_authorization', { ...base, resource_id: 'a', resource_external_id: 'b' }),
    ).toEqual([expect.stringContaining('only one of these may be given')]);
    expect(await issues('check_authorization', { ...base, resource_external_id: 'b' })).toEqual([
      'resource_type_slug: missing beside resource_external_id',
    ]);
  });

  it('may be an empty table where a list is wanted', async () => {
    await call(pipeline(), 'create_organization', { name: 'a', domain_data: {}, metadata: [] });
    expect(JSON.parse(String(sent[0]?.body))).toEqual({ name: 'a', domain_data: [], metadata: {} });
  });

  it('are harmless when they are called like parts of JavaScript', async () => {
    const args = JSON.parse('{"__proto__": {"x": 1}, "constructor": 1, "limit": 1}') as JsonObject;
    expect(await issues('list_organizations', args)).toHaveLength(2);
  });
});

describe('an answer', () => {
  const error = async (
    answer: WireResponse | TransportFailure,
    name = 'list_organizations',
    args: JsonObject = {},
  ) => {
    // As often as it is asked.
    answers.push(answer, answer, answer, answer);
    return refusal(name, args).finally(() => answers.splice(0));
  };

  it('with an error status is an error with what the API said', async () => {
    const body = JSON.stringify({
      message: 'Taken.',
      code: 'external_id_already_used',
      errors: [{ code: 'x', field: 'y' }],
    });
    expect(
      await error({ status: 400, headers: { 'x-request-id': 'req_9' }, body }, 'create_organization', {
        name: 'a',
      }),
    ).toMatchObject({
      code: 'api_error',
      message: 'Taken. (400 external_id_already_used, POST /organizations)',
      details: {
        status: 400,
        code: 'external_id_already_used',
        message: 'Taken.',
        errors: [{ code: 'x', field: 'y' }],
        request_id: 'req_9',
        operation: 'workos.workos_organizations_create',
      },
    });
  });

  it('of OAuth or plain HTML is worded as well', async () => {
    const oauth = JSON.stringify({ error: 'invalid_grant', error_description: 'Too old.' });
    expect((await error({ status: 400, headers: {}, body: oauth })).message).toContain(
      'Too old. (400 invalid_grant',
    );
    const html = '<html><style>a{}</style><h1>Bad gateway</h1></html>';
    expect((await error({ status: 502, headers: {}, body: html })).message).toContain('Bad gateway (502');
  });

  it('that is no JSON is refused', async () => {
    const answer = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' };
    expect(await error(answer)).toMatchObject({
      code: 'invalid_response',
      details: { status: 200, excerpt: 'Sign in' },
    });
  });

  it('that redirects is its address', async () => {
    answers.push({ status: 302, headers: { location: 'https://idp/x' }, body: '' });
    const outcome = await call(pipeline(), 'initiate_sso', {
      redirect_uri: 'https://a',
      response_type: 'code',
      provider: 'GoogleOAuth',
    });
    expect(outcome).toMatchObject({ ok: true, value: { url: 'https://idp/x' } });
  });

  it('without a body is null', async () => {
    answers.push({ status: 204, headers: {}, body: '' });
    expect(await call(pipeline(), 'delete_api_key', { id: 'a' })).toMatchObject({ ok: true, value: null });
  });

  it('that never came: a read failed, a write may have happened', async () => {
    expect(await error({ failed: 'unreachable', reason: 'refused', lasting: true })).toMatchObject({
      code: 'network_error',
    });
    expect(await error({ failed: 'lost', reason: 'reset', head: null })).toMatchObject({
      code: 'network_error',
    });
    expect(
      await error({ failed: 'lost', reason: 'reset', head: null }, 'create_organization', { name: 'a' }),
    ).toMatchObject({ code: 'outcome_unknown' });
  });

  it('that echoes the key does not show it', async () => {
    const made = pipeline();
    answers.push(ok({ key: `Bearer ${key}` }), {
      status: 401,
      headers: {},
      body: JSON.stringify({ message: `Bad key ${key}` }),
    });
    const outcomes = [
      await call(made, 'list_organizations'),
      await call(made, 'list_organizations'),
      await call(made, 'get_user', { id: { key } }),
    ];
    expect(JSON.stringify(outcomes)).not.toContain(key);
    expect(JSON.stringify(outcomes)).toContain('[redacted]');
  });
});

describe('the policy', () => {
  const write: [string, JsonObject] = ['create_organization', { name: 'a' }];

  it('lets a remote account be read, and asks before a write', async () => {
    const made = pipeline({ force: false });
    expect(await call(made, 'list_organizations')).toMatchObject({ ok: true });
    expect(await call(made, 'validate_api_key')).toMatchObject({ ok: true });
    expect(await call(made, ...write)).toMatchObject({ ok: false, error: { code: 'approval_required' } });
    expect(await call(made, 'delete_user', { id: 'a' })).toMatchObject({
      ok: false,
      error: { code: 'approval_required' },
    });
    expect(sent).toHaveLength(2);
    expect(made.records.map(({ error, attempts }) => [error, attempts])).toEqual([
      [undefined, 1],
      [undefined, 1],
      ['approval_required', 0],
      ['approval_required', 0],
    ]);
  });

  it('shows a person the request without its secrets', async () => {
    const asked: unknown[] = [];
    const approve = async (request: unknown) => asked.push(request) > 1;
    const made = pipeline({ force: false, approve });
    expect(await call(made, ...write)).toMatchObject({ ok: false, error: { code: 'denied' } });
    expect(await call(made, ...write)).toMatchObject({ ok: true });
    expect(asked[0]).toMatchObject({
      function: 'workos.workos_organizations_create',
      request: { method: 'POST', url: 'https://api.workos.com/organizations', body: { name: 'a' } },
    });
    expect(JSON.stringify(asked)).not.toContain(key);
  });

  it('allows everything on the local account, but not in a read-only run', async () => {
    expect(await call(pipeline({ force: false }), ...write, 'localhost')).toMatchObject({ ok: true });
    const made = pipeline({ force: true, readOnly: true });
    expect(await call(made, ...write, 'localhost')).toMatchObject({ ok: false, error: { code: 'denied' } });
  });
});

describe('the budget', () => {
  it('ends at the limit and stays ended', async () => {
    const made = pipeline({ limits: { calls: 3, writes: 1 } });
    await call(made, 'create_organization', { name: 'a' });
    expect(await call(made, 'create_organization', { name: 'a' })).toMatchObject({
      error: { code: 'call_limit' },
    });
    expect(made.budget.exceeded).toMatchObject({ code: 'call_limit' });
    await call(made, 'list_organizations');
    await call(made, 'list_organizations');
    expect(await call(made, 'list_organizations')).toMatchObject({ error: { code: 'call_limit' } });
    expect(sent).toHaveLength(3);
  });
});

describe('accounts', () => {
  it('without credentials are not configured, and say what would help', async () => {
    const error = await refusal('list_organizations', {}, {}, {});
    expect(error).toMatchObject({ code: 'not_configured', details: { variables: ['WORKOS_API_KEY'] } });
    expect(error.hint).toContain('WORKOS_API_KEY');
    expect(error.hint).toContain('--local');
  });

  it('may be many, each from its own variables', async () => {
    const made = pipeline(
      {},
      {
        WORKOS_API_KEY: 'a',
        WORKOS_API_KEY__WORK: 'key_of_work',
        WORKOS_BASE_URL__WORK: 'https://eu.example/api/',
      },
    );
    await call(made, 'list_organizations', {}, 'work');
    expect(sent[0]).toMatchObject({
      url: 'https://eu.example/api/organizations',
      headers: { authorization: 'Bearer key_of_work' },
    });
    expect(await call(made, 'list_organizations', {}, 'wrk')).toMatchObject({
      error: { code: 'unknown_account', message: expect.stringContaining('Did you mean work?') as string },
    });
  });

  it('with a URL that is none are refused before anything is sent', async () => {
    const error = await refusal(
      'list_organizations',
      {},
      {},
      { WORKOS_API_KEY: 'a', WORKOS_BASE_URL: 'file:///etc' },
    );
    expect(error.code).toBe('not_configured');
  });

  it('need the credential that the operation takes', async () => {
    expect(await refusal('get_user_profile')).toMatchObject({
      code: 'not_configured',
      details: { field: 'access_token' },
    });
  });

  it('may be brought by a call, where it is a signed-in user’s, and is shown as little', async () => {
    const made = pipeline({}, { WORKOS_API_KEY: key, WORKOS_ACCESS_TOKEN: 'token_of_account' });
    answers = [ok({ id: 'prof_1', echoed: 'token_of_call' })];
    const outcome = await call(made, 'get_user_profile', { access_token: 'token_of_call' });
    await call(made, 'get_user_profile');
    expect(sent.map(({ url, headers }) => [url, headers['authorization']])).toEqual([
      ['https://api.workos.com/sso/profile', 'Bearer token_of_call'],
      ['https://api.workos.com/sso/profile', 'Bearer token_of_account'],
    ]);
    expect(outcome).toMatchObject({ value: { echoed: '[redacted]' } });
    expect(await call(made, 'list_organizations', { access_token: 'x' })).toMatchObject({
      error: { code: 'invalid_arguments' },
    });
  });
});

it('an unknown name is answered with the nearest ones', async () => {
  expect((await refusal('list_organisations')).message).toBe(
    'Unknown function app.integrations.workos.list_organisations. Did you mean list_organizations?',
  );
  const outcome = await pipeline().call(
    { integration: 'wrkos', account: null, function: 'x', args: {} },
    never,
  );
  expect(outcome).toMatchObject({
    error: { code: 'unknown_integration', message: 'Unknown integration wrkos. Did you mean workos?' },
  });
});

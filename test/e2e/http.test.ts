import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Catalog } from '../../src/catalog/index.ts';
import { exampleArguments } from '../../src/docs/index.ts';
import { luaTable } from '../../src/docs/lua-text.ts';
import { answerJson, ended, envelopeOf, Kosmo, repository, TestApi } from './kosmo.ts';

const key = 'sk_live_planted_secret_0123456789';
const opened: { close(): void }[] = [];
const homes: Kosmo[] = [];
afterEach(() => {
  for (const api of opened.splice(0)) api.close();
});
afterAll(() => {
  for (const kosmo of homes) kosmo.remove();
});

async function withApi(
  ...parameters: Parameters<typeof TestApi.open>
): Promise<{ api: TestApi; kosmo: Kosmo }> {
  const api = await TestApi.open(...parameters);
  opened.push(api);
  const kosmo = new Kosmo({
    WORKOS_API_KEY: key,
    WORKOS_CLIENT_ID: 'client_test',
    WORKOS_ACCESS_TOKEN: 'token_planted_secret',
    WORKOS_BASE_URL: api.url,
  });
  homes.push(kosmo);
  return { api, kosmo };
}

describe('a call over HTTP', () => {
  it('is made with the account’s key, and gives back what was answered', async () => {
    const { api, kosmo } = await withApi((_, response) =>
      answerJson(response, 200, { id: 'org_1', tags: [], none: null }),
    );
    const run = await kosmo.lua(
      'return app.integrations.workos.get_organization{ organization_id = "org 1/x" }',
    );
    expect(run).toMatchObject({
      status: 0,
      result: { id: 'org_1', tags: [] },
      integration_calls: [
        {
          function: 'workos.workos_organizations_find',
          account: 'default',
          status: 200,
          request_id: 'req_test',
        },
      ],
    });
    expect(api.received).toMatchObject([
      { method: 'GET', url: '/organizations/org%201%2Fx', headers: { authorization: `Bearer ${key}` } },
    ]);
    expect(api.received[0]?.headers['user-agent']).toMatch(/^kosmo\/\d/);
  });

  it('that changes something needs approval, unless it is forced', async () => {
    const { api, kosmo } = await withApi((_, response) => answerJson(response, 201, { id: 'org_1' }));
    const program = 'return app.integrations.workos.create_organization{ name = "Acme" }';
    const refused = await kosmo.lua(program);
    expect(refused).toMatchObject({
      status: 3,
      error: { code: 'approval_required' },
      integration_calls: [{ attempts: 0 }],
    });
    expect(api.received).toEqual([]);
    expect(await kosmo.lua(program, '--force')).toMatchObject({ status: 0, result: { id: 'org_1' } });
    expect(api.received).toMatchObject([{ method: 'POST', body: '{"name":"Acme"}' }]);
  });

  it('that the API refuses raises what the API said', async () => {
    const { kosmo } = await withApi((_, response) =>
      answerJson(response, 422, { message: 'No.', code: 'invalid', errors: [{ code: 'x', field: 'name' }] }),
    );
    const program =
      'local ok, e = pcall(app.integrations.workos.list_users) return { e.status, e.code, e.message, e.errors, e.request_id }';
    expect((await kosmo.lua(program))['result']).toEqual([
      422,
      'invalid',
      'No.',
      [{ code: 'x', field: 'name' }],
      'req_test',
    ]);
    const uncaught = await kosmo.lua('app.integrations.workos.list_users{}');
    expect(uncaught).toMatchObject({
      status: 1,
      error: {
        code: 'api_error',
        message: 'No. (422 invalid, GET /user_management/users)',
        details: { at: 'eval:1' },
      },
    });
  });

  it('that redirects gives the address', async () => {
    const { kosmo } = await withApi((_, response) =>
      response.writeHead(302, { location: 'https://idp.test/x' }).end(),
    );
    const run = await kosmo.lua(
      'return app.integrations.workos.initiate_sso{ redirect_uri = "https://app.test", response_type = "code" }',
    );
    expect(run['result']).toEqual({ url: 'https://idp.test/x' });
  });
});

describe('an API that misbehaves', () => {
  it('cannot be reached', async () => {
    const { api, kosmo } = await withApi(() => undefined);
    const { url } = api;
    api.close();
    const run = await kosmo.lua('app.integrations.workos.list_users{}');
    expect(run).toMatchObject({
      status: 1,
      error: { code: 'network_error', message: `Cannot reach ${url}: the connection was refused.` },
    });
  });

  it('answers with something that is not JSON', async () => {
    const { kosmo } = await withApi((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('<html><h1>Sign in</h1>'),
    );
    const run = await kosmo.lua('app.integrations.workos.list_users{}');
    expect(run).toMatchObject({
      status: 1,
      error: { code: 'invalid_response', details: { excerpt: 'Sign in' } },
    });
  });

  it('sends an error page', async () => {
    const { kosmo } = await withApi((_, response) =>
      response
        .writeHead(502, { 'content-type': 'text/html', 'retry-after': '0' })
        .end('<h1>Bad gateway</h1>'),
    );
    const run = await kosmo.lua('app.integrations.workos.list_users{}');
    expect(run['error']).toMatchObject({
      code: 'api_error',
      message: 'Bad gateway (502, GET /user_management/users)',
    });
  });

  it('breaks off: a write may have happened, and is not repeated', async () => {
    const { api, kosmo } = await withApi((_, response) => response.socket?.destroy());
    const write = await kosmo.lua('app.integrations.workos.create_user{ email = "a@b.test" }', '--force');
    expect(write).toMatchObject({ status: 1, error: { code: 'outcome_unknown' } });
    expect(api.received).toHaveLength(1);
    expect(await kosmo.lua('app.integrations.workos.list_users{}')).toMatchObject({
      error: { code: 'network_error' },
    });
  });

  it('has a URL that is none', async () => {
    const kosmo = new Kosmo({ WORKOS_API_KEY: key, WORKOS_BASE_URL: 'not a url' });
    homes.push(kosmo);
    expect(await kosmo.lua('app.integrations.workos.list_users{}')).toMatchObject({
      status: 4,
      error: { code: 'not_configured' },
    });
  });
});

describe('a secret', () => {
  it('is shown nowhere, whatever the API does with it', async () => {
    const { api, kosmo } = await withApi((request, response) => {
      const echo = {
        message: `The key ${key} is not good.`,
        header: request.headers.authorization ?? '',
        url: request.url,
        body: request.body,
      };
      answerJson(response, request.url.includes('fail') ? 401 : 200, echo);
    });
    const program = `local workos = app.integrations.workos
      print(workos.validate_api_key{}) dump(workos.list_users{})
      print(select(2, pcall(workos.get_user, { id = "fail" }))) print(select(2, pcall(workos.get_user_profile)))
      print(app.integrations.workos, docs.read("workos")) pcall(workos.list_users, { limit = "${'x'}" })
      workos.get_user{ id = "fail" }`;
    const json = await kosmo.run(['integrations:lua', '--json', '--eval', program]);
    const plain = await kosmo.run(['integrations:lua', '--eval', program]);
    expect(
      api.received.filter(({ headers }) => headers.authorization === `Bearer ${key}`).length,
    ).toBeGreaterThan(4);
    expect(json.stdout).toContain('[redacted]');
    const files = readdirSync(kosmo.home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
    for (const text of [json.stdout, json.stderr, plain.stdout, plain.stderr, ...files]) {
      expect(text).not.toContain('planted_secret');
    }
  });
});

describe('every one of the 172 functions', () => {
  const workos = Catalog.open(join(repository, 'dist/integrations')).get('workos');
  const operations = workos?.reader.index.operations.map((entry) => workos.reader.operation(entry)) ?? [];

  it('is called by its Lua name and by its full name', async () => {
    const { api, kosmo } = await withApi((_, response) => answerJson(response, 200, {}));
    const lines = operations.flatMap((operation) => {
      const args = luaTable(
        exampleArguments(operation, (name) => workos?.reader.schema(name) ?? {}, 'required'),
      );
      return [operation.luaName, operation.slug].map((name) => `workos.${name}${args}`);
    });
    // Writes are limited to 100 a run.
    for (let from = 0; from < lines.length; from += 90) {
      const run = await kosmo.lua(
        `local workos = app.integrations.workos\n${lines.slice(from, from + 90).join('\n')}`,
        '--force',
      );
      expect(run['error']).toBeNull();
    }
    expect(operations).toHaveLength(172);
    expect(api.received).toHaveLength(344);
    operations.forEach((operation, index) => {
      const template = new RegExp(`^${operation.path.replace(/\{[^}]*\}/g, '[^/?]+')}(\\?.*)?$`);
      for (const { method, url } of api.received.slice(index * 2, index * 2 + 2)) {
        expect(`${method} ${template.test(url) ? operation.path : url}`).toBe(
          `${operation.method} ${operation.path}`,
        );
      }
    });
  });
});

describe('HTTP as it should be', () => {
  const list = 'return app.integrations.workos.list_organizations{}.object';

  it('repeats a read after the time the API asks for, which is no CPU time of the program', async () => {
    const { api, kosmo } = await withApi((_, response) => {
      if (api.received.length === 1) {
        response.writeHead(429, { 'retry-after': '1' }).end('{"message":"Slow down."}');
      } else answerJson(response, 200, { object: 'list' });
    });
    expect(await kosmo.lua(list, '--cpu-limit', '0.9')).toMatchObject({
      status: 0,
      result: 'list',
      integration_calls: [{ status: 200, attempts: 2 }],
    });
  });

  it('does not wait past the end of the run', async () => {
    const { kosmo } = await withApi((_, response) =>
      response.writeHead(429, { 'retry-after': '30' }).end('{"message":"Slow down."}'),
    );
    expect(await kosmo.lua(list, '--timeout', '20')).toMatchObject({
      status: 1,
      error: { code: 'api_error', message: 'Slow down. (429, GET /organizations)' },
      integration_calls: [{ attempts: 1 }],
    });
  });

  it('repeats a create that carries an idempotency key, with the same key', async () => {
    const { api, kosmo } = await withApi((_, response) => {
      if (api.received.length === 1) response.socket?.destroy();
      else answerJson(response, 201, { success: true });
    });
    const run = await kosmo.lua(
      `return app.integrations.workos.create_event{ organization_id = "org_1", event = { action = "a.b",
         occurred_at = "2026-01-01T00:00:00Z", actor = { id = "1", type = "user" }, targets = {},
         context = { location = "1.2.3.4" } } }`,
      '--force',
    );
    expect(run).toMatchObject({ status: 0, integration_calls: [{ attempts: 2 }] });
    const keys = api.received.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), keys[0]]);
  });

  it('goes through the proxy of the environment, and says so when that fails', async () => {
    const { api, kosmo } = await withApi((_, response) => answerJson(response, 200, { object: 'list' }));
    const gone = await TestApi.open(() => undefined);
    const proxy = gone.url.replace('http://', 'http://user:password@');
    gone.close();
    const command = ['integrations:lua', '--json', '--eval', list];
    const failed = await kosmo.run(command, '', { HTTP_PROXY: proxy });
    expect(envelopeOf(failed.stdout)['error']).toMatchObject({
      code: 'network_error',
      message: `Cannot reach ${api.url}: the connection was refused (HTTP_PROXY names a proxy).`,
    });
    expect(failed.stdout + failed.stderr).not.toContain('user:password');
    const direct = await kosmo.run(command, '', { HTTP_PROXY: proxy, NO_PROXY: '127.0.0.1' });
    expect(direct.status).toBe(0);
  });

  it('says which setting is wrong', async () => {
    const { api, kosmo } = await withApi(() => undefined);
    const command = ['integrations:lua', '--json', '--eval', list];
    const { status, stdout } = await kosmo.run(command, '', { KOSMO_CA_FILE: '/nowhere/ca.pem' });
    expect([status, envelopeOf(stdout)['error'].message]).toEqual([
      4,
      'KOSMO_CA_FILE names /nowhere/ca.pem, but it cannot be read (ENOENT).',
    ]);
    expect(api.received).toEqual([]);
  });

  it('cuts off an answer of 10 GB at 50 MB', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    let megabytes = 0;
    const { kosmo } = await withApi((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const pump = () => {
        while (megabytes < 10_240 && !response.destroyed) {
          megabytes += 1;
          if (!response.write(chunk)) {
            response.once('drain', pump);
            return;
          }
        }
      };
      pump();
    });
    const child = kosmo.start(['integrations:lua', '--json', '--eval', list]);
    const { stdout } = await ended(child);
    expect(envelopeOf(stdout)['error']).toMatchObject({
      code: 'invalid_response',
      message: 'The answer of workos.workos_organizations_list is too large: it is larger than 50 MB.',
    });
    expect(megabytes).toBeLessThan(200);
  });
});

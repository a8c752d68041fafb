import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApprovalRequest } from '../call/index.ts';
import { createRuntime, type Runtime } from './index.ts';

let server: Server;
let runtime: Runtime;
let sent: string[];
const home = mkdtempSync(join(tmpdir(), 'kosmo-runtime-'));

beforeAll(async () => {
  server = createServer((request, response) => {
    sent.push(`${request.method} ${request.url}`);
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"org_1"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  runtime = createRuntime({ home, environment: { WORKOS_API_KEY: 'sk_library', WORKOS_BASE_URL: url } });
});
beforeEach(() => {
  sent = [];
});
afterAll(async () => {
  await runtime.close();
  server.close();
  rmSync(home, { recursive: true, force: true });
});

const request = {
  integration: 'workos',
  account: null,
  function: 'create_organization',
  args: { name: 'A' },
};
const code = async (settings: Parameters<Runtime['call']>[1]) => {
  const outcome = await runtime.call(request, settings);
  return outcome.ok ? 'made' : outcome.error.code;
};

describe('the policy of a program that uses kosmo', () => {
  it('is the account’s, narrowed or answered by what the program says', async () => {
    expect(await code({})).toBe('approval_required');
    expect(await code({ allow: ['create_*'] })).toBe('made');
    expect(await code({ force: true })).toBe('made');
    expect(await code({ force: true, deny: ['workos.*'] })).toBe('denied');
    expect(await code({ allow: ['*'], readOnly: true })).toBe('denied');
    expect(sent.length).toBe(2);
  });

  it('asks whoever the program names, and shows them the request', async () => {
    const asked: ApprovalRequest[] = [];
    const answer = (yes: boolean) => async (about: ApprovalRequest) => {
      asked.push(about);
      return yes;
    };
    expect(await code({ approve: answer(false) })).toBe('denied');
    expect(await code({ approve: answer(true) })).toBe('made');
    expect(asked[1]).toMatchObject({
      function: 'workos.workos_organizations_create',
      account: 'default',
      effect: 'write',
      request: { method: 'POST', body: { name: 'A' } },
    });
    expect(JSON.stringify(asked)).not.toContain('sk_library');
  });

  it('tells of every operation that a program names, under the account it names', async () => {
    const run = await runtime.lua({
      name: 'p',
      source: `local w = app.integrations.workos
        w.create_organization{ name = "A" }
        w.delete_organization{ id = "org_1" } w.list_users{} w.localhost.create_user{ email = "a@b.example" } w[name]{}`,
    });
    expect(run.error?.code).toBe('approval_required');
    expect(run.error?.details['refused']).toMatchObject([
      { name: 'workos.create_organization', account: 'default', verdict: 'ask' },
      { name: 'workos.delete_organization', account: 'default', verdict: 'ask' },
    ]);
    expect(sent).toEqual([]);
  });
});

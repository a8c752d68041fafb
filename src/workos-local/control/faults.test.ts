import { WorkOS } from '@workos-inc/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../support/errors.ts';
import { createInProcessTransport } from '../../transport/in-process.ts';
import { localAccount } from '../index.ts';
import { type Listening, listen } from '../server.ts';
import { LocalClient } from '../testing/local-client.ts';
import { createEnvironment } from './environments.ts';
import { addFault, clearFaults, listFaults, type NewFault } from './faults.ts';

let client: LocalClient;
let listening: Listening;
let workos: WorkOS;
beforeAll(async () => {
  client = new LocalClient();
  listening = await listen(client.server, { port: 0 });
  const { hostname, port } = new URL(listening.url);
  const { apiKey, clientId } = localAccount;
  workos = new WorkOS(apiKey, { apiHostname: hostname, port: Number(port), https: false, clientId });
});
afterAll(() => listening.close());
afterEach(() => {
  clearFaults(client.server.host);
});

const add = (fault: NewFault) => addFault(client.server.host, null, fault);
const headers = { authorization: `Bearer ${localAccount.apiKey}`, 'content-type': 'application/json' };

describe('faults', () => {
  it('answer as often as was asked with a status and Retry-After, and a client that retries gets through', async () => {
    add({ operation: 'list_organizations', status: 429, retryAfter: 0, times: 2 });
    const refused = await fetch(`${listening.url}/organizations`, { headers });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '0']);
    expect(await refused.json()).toMatchObject({ code: 'rate_limit_exceeded' });
    expect(refused.headers.get('x-request-id')).toMatch(/^req_/);
    expect((await client.get('/user_management/users')).status).toBe(200);
    expect((await workos.organizations.listOrganizations()).data).toHaveLength(3);
    expect(listFaults(client.server.host)).toEqual([]);
  });

  it('are named by any name of the operation, and by method and path', () => {
    const slug = 'workos_organizations_find';
    const given = [
      slug,
      'workos.get_organization',
      'get-organization',
      'OrganizationsController_find',
      'GET /organizations/{id}',
      'get /organizations/:id/',
    ];
    expect(given.map((operation) => add({ operation, status: 500 }).operation)).toEqual(
      given.map(() => slug),
    );
    const codes = ['get_organisation', 'GET /nowhere', '', 'list_groups'].map((operation) => {
      try {
        return add({ operation, status: 500 }).id;
      } catch (error) {
        return failureOf(error).code;
      }
    });
    expect(codes).toEqual(['unknown_function', 'unknown_function', 'unknown_function', 'ambiguous_function']);
  });

  it('that do nothing, or what cannot be, are refused', () => {
    const odd: NewFault[] = [
      {},
      { status: 200 },
      { status: 600 },
      { status: 500, times: 0 },
      { status: 500, times: 1.5 },
      { latency: -1 },
      { status: 500, retryAfter: -1 },
    ];
    for (const fault of odd) expect(() => add(fault)).toThrow();
    expect(listFaults(client.server.host)).toEqual([]);
  });

  it('happen in the environment that is named alone', async () => {
    const { host } = client.server;
    addFault(host, createEnvironment(host, { apiKey: 'sk_test_faulty' }), { status: 403 });
    expect((await client.get('/organizations')).status).toBe(200);
    expect((await client.get('/organizations', { key: 'sk_test_faulty' })).status).toBe(403);
  });

  it('take their time', async () => {
    add({ operation: 'list_organizations', latency: 100, times: 1 });
    const order: string[] = [];
    const slow = client.get('/organizations').then(() => order.push('organizations'));
    for (let asked = 0; asked < 3; asked += 1) await client.get('/user_management/users/user_123');
    order.push('users');
    await slow;
    expect(order).toEqual(['users', 'organizations']);
  });

  it('break the connection before anything is done', async () => {
    add({ operation: 'create_organization', drop: 'request', times: 1 });
    const post = () =>
      fetch(`${listening.url}/organizations`, { method: 'POST', headers, body: '{"name":"Dropped"}' });
    await expect(post()).rejects.toThrow();
    expect((await client.all('/organizations')).map(({ name }) => name)).not.toContain('Dropped');
    expect((await post()).status).toBe(201);
  });

  it('break it when all is done: what is not asked again with a key of its own is done twice', async () => {
    add({ operation: 'create_organization', drop: 'answer', times: 1 });
    const post = () =>
      fetch(`${listening.url}/organizations`, { method: 'POST', headers, body: '{"name":"Lost answer"}' });
    const count = async () =>
      (await client.all('/organizations')).filter(({ name }) => name === 'Lost answer').length;
    await expect(post()).rejects.toThrow();
    expect(await count()).toBe(1);
    await post();
    expect(await count()).toBe(2);
  });

  it('reach a call in this process as a lost answer', async () => {
    add({ drop: 'request', times: 1 });
    const transport = createInProcessTransport(client.server);
    const request = { method: 'GET', url: 'http://localhost/organizations', headers, body: null };
    expect(await transport.send(request, new AbortController().signal)).toMatchObject({ failed: 'lost' });
    expect(await transport.send(request, new AbortController().signal)).toMatchObject({ status: 200 });
  });
});

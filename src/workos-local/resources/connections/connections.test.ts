import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileClient } from '../../testing/file-client.ts';
import type { Json } from '../../testing/local-client.ts';
import { northwind } from '../../testing/northwind.ts';
import { changeConnection } from './connection.machine.ts';
import { actOnConnection, createConnection, type NewConnection } from './connection.ts';
import { requireConnection } from './connections.table.ts';

let client: FileClient;
let organization: Json;
beforeEach(async () => {
  client = FileClient.open();
  organization = await northwind(client);
});
afterEach(() => client.close());

const create = (connection: Partial<NewConnection> = {}) =>
  client.act((context) =>
    createConnection(context, { organizationId: organization.id, type: 'OktaSAML', ...connection }),
  );
const told = async (prefix: string) =>
  (await client.events())
    .filter(({ event }) => event.startsWith(prefix))
    .map(({ event, data }) => [event, data]);
const ids = async (query: string) =>
  (await client.get(`/connections?${query}`)).body.data.map(({ id }: Json) => id);

describe('connections', () => {
  it('are read with their organization’s domains, and SAML ones with their certificate', async () => {
    const { id } = create();
    const { body } = await client.get(`/connections/${id}`);
    expect(body).toMatchObject({
      organization_id: organization.id,
      connection_type: 'OktaSAML',
      name: 'Northwind',
      state: 'active',
      status: 'linked',
      domains: [{ object: 'connection_domain', domain: 'northwind.example' }],
      options: { signing_cert: null },
    });
    const oidc = create({ type: 'GenericOIDC', name: 'Keycloak', state: 'draft' });
    const second = (await client.get(`/connections/${oidc.id}`)).body;
    expect([second.name, second.state, second.status, second.options]).toEqual([
      'Keycloak',
      'draft',
      'unlinked',
      undefined,
    ]);
  });

  it('are listed by type, organization, domain and a part of their name', async () => {
    const okta = create();
    const github = create({ organizationId: null, type: 'GitHubOAuth' });
    const other = (await client.post('/organizations', { name: 'Southwind' })).body;
    const entra = create({ organizationId: other.id, type: 'EntraIdOIDC' });
    client.clock.advance(1);
    expect(await ids('connection_type=OktaSAML')).toContain(okta.id);
    // The document writes this one in two ways.
    expect(await ids('connection_type=GithubOAuth')).toEqual([github.id]);
    expect(await ids(`organization_id=${other.id}`)).toEqual([entra.id]);
    expect(await ids('domain=NORTHWIND.example')).toEqual([okta.id]);
    expect(await ids('domain=none.example')).toEqual([]);
    expect(await ids('search=WIND')).toEqual([entra.id, okta.id]);
    expect(await ids('search=%25')).toEqual([]);
    expect(await ids('search=WIND&limit=1')).toEqual([entra.id]);
    expect((await client.get('/connections?connection_type=Nothing')).status).toBe(422);
  });

  it('tell when they are activated, deactivated and deleted', async () => {
    const { id } = create({ state: 'draft' });
    const act = (action: 'activate' | 'deactivate') =>
      client.act((context) => actOnConnection(context, requireConnection(context, id), action));
    expect((await told('connection.')).filter(([, data]) => data.id === id)).toEqual([]);
    act('activate');
    act('activate');
    act('deactivate');
    expect((await client.delete(`/connections/${id}`)).status).toBe(204);
    expect((await client.get(`/connections/${id}`)).status).toBe(404);
    expect((await client.delete(`/connections/${id}`)).status).toBe(404);
    const events = (await told('connection.')).filter(([, data]) => data.id === id);
    expect(events.map(([event, data]) => [event, data.state, data.domains?.length])).toEqual([
      ['connection.activated', 'active', 1],
      ['connection.deactivated', 'inactive', 1],
      ['connection.deleted', 'inactive', undefined],
    ]);
  });

  it('go with their organization, and are nobody else’s', async () => {
    const { id } = create();
    const other = new Map([['authorization', 'Bearer sk_test_other']]);
    expect((await client.get(`/connections/${id}`, { headers: Object.fromEntries(other) })).status).toBe(404);
    await client.delete(`/organizations/${organization.id}`);
    expect((await client.get(`/connections/${id}`)).status).toBe(404);
    expect((await told('connection.deleted')).map(([, data]) => data.id)).toEqual([id]);
  });
});

describe('the states of a connection', () => {
  it('lead from a draft to active and inactive and back', () => {
    expect(changeConnection('requires_type', 'activate')).toBeNull();
    expect(changeConnection('requires_type', 'choose_type')).toEqual({ next: 'draft', emit: null });
    for (const state of ['draft', 'validating', 'inactive'] as const) {
      expect(changeConnection(state, 'activate')?.emit).toBe('connection.activated');
      expect(changeConnection(state, 'deactivate')).toBeNull();
    }
    expect(changeConnection('active', 'choose_type')).toBeNull();
    expect(changeConnection('deleting', 'activate')).toBeNull();
  });
});

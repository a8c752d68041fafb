import { beforeEach, describe, expect, it } from 'vitest';
import { type Json, LocalClient } from '../../testing/local-client.ts';

let client: LocalClient;
beforeEach(() => {
  client = new LocalClient();
});

async function create(body: object): Promise<Json> {
  const reply = await client.post('/organizations', body);
  expect(reply.status).toBe(201);
  return reply.body;
}

describe('creating an organization', () => {
  it('answers with the organization as a later read does', async () => {
    const made = await create({
      name: 'Northwind',
      external_id: 'nw-1',
      metadata: { tier: 'gold' },
      domain_data: [{ domain: 'NorthWind.example', state: 'verified' }],
    });
    expect(made.id).toMatch(/^org_01[0-9A-HJKMNP-TV-Z]{24}$/);
    expect(made.domains[0]).toMatchObject({ domain: 'northwind.example', state: 'verified' });
    expect((await client.get(`/organizations/${made.id}`)).body).toEqual(made);
    expect((await client.get('/organizations/external_id/nw-1')).body).toEqual(made);
  });

  it('lists every problem of a body that does not fit', async () => {
    const reply = await client.post('/organizations', {
      name: 7,
      domain_data: [{ domain: 'a.example', state: 'perhaps' }, { state: 'pending' }],
    });
    expect(reply.status).toBe(422);
    expect(reply.body.errors).toMatchObject([
      { field: 'name', code: 'invalid_type' },
      { field: 'domain_data.0.state', code: 'invalid_value' },
      { field: 'domain_data.1.domain', code: 'required' },
    ]);
  });

  it('refuses an external id that another organization has, and keeps nothing of the attempt', async () => {
    await create({ name: 'First', external_id: 'same' });
    const before = (await client.events()).length;
    const reply = await client.post('/organizations', { name: 'Second', external_id: 'same' });
    expect(reply).toMatchObject({ status: 400, body: { code: 'external_id_already_used' } });
    expect((await client.events()).length).toBe(before);
  });

  it.each([
    ['eleven pairs', Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`key${at}`, 'v']))],
    ['a value that is not ASCII', { city: 'Zürich' }],
    ['a key that is not ASCII', { größe: 'L' }],
  ])('refuses metadata with %s', async (_what, metadata) => {
    const reply = await client.post('/organizations', { name: 'Northwind', metadata });
    expect(reply).toMatchObject({ status: 400, body: { code: 'invalid_metadata' } });
  });

  it.each(['gmail.com', 'not a domain', '-a.example', 'localhost'])(
    'refuses the domain %s',
    async (domain) => {
      const reply = await client.post('/organizations', {
        name: 'Northwind',
        domain_data: [{ domain, state: 'verified' }],
      });
      expect(reply.status).toBe(422);
      expect(reply.body.errors[0].field).toBe('domain_data.0.domain');
    },
  );

  it('refuses an empty name', async () => {
    expect((await client.post('/organizations', { name: '  ' })).status).toBe(422);
  });
});

describe('updating an organization', () => {
  it('leaves alone what is not named, and moves updated_at', async () => {
    const made = await create({ name: 'Northwind', external_id: 'nw', metadata: { a: '1', b: '2' } });
    client.clock.advance(1000);
    const { body } = await client.put(`/organizations/${made.id}`, { name: 'Southwind' });
    expect(body).toMatchObject({ name: 'Southwind', external_id: 'nw', metadata: { a: '1', b: '2' } });
    expect(body.updated_at > made.updated_at).toBe(true);
    expect(body.created_at).toBe(made.created_at);
  });

  it('that changes nothing moves nothing and tells nobody', async () => {
    const made = await create({ name: 'Northwind', metadata: { a: '1' } });
    client.clock.advance(1000);
    const { body } = await client.put(`/organizations/${made.id}`, {
      name: 'Northwind',
      metadata: { a: '1' },
    });
    expect(body).toEqual(made);
    expect((await client.events()).at(-1).event).toBe('organization.created');
  });

  it('merges metadata, removes a key with null, and empties it with an empty object', async () => {
    const made = await create({ name: 'Northwind', metadata: { a: '1', b: '2' } });
    const path = `/organizations/${made.id}`;
    expect((await client.put(path, { metadata: { b: '3', c: '4' } })).body.metadata).toEqual({
      a: '1',
      b: '3',
      c: '4',
    });
    expect((await client.put(path, { metadata: { a: null } })).body.metadata).toEqual({ b: '3', c: '4' });
    expect((await client.put(path, { metadata: {} })).body.metadata).toEqual({});
  });

  it('replaces the domains by those it names, and keeps the identity of those that stay', async () => {
    const made = await create({
      name: 'Northwind',
      domain_data: [
        { domain: 'stays.example', state: 'verified' },
        { domain: 'goes.example', state: 'pending' },
      ],
    });
    const { body } = await client.put(`/organizations/${made.id}`, {
      domain_data: [
        { domain: 'stays.example', state: 'pending' },
        { domain: 'comes.example', state: 'pending' },
      ],
    });
    expect(body.domains.map((domain: Json) => [domain.domain, domain.state])).toEqual([
      ['stays.example', 'verified'],
      ['comes.example', 'pending'],
    ]);
    expect(body.domains[0].id).toBe(made.domains[0].id);
    const events = (await client.events()).slice(-3).map((event) => event.event);
    expect(events).toEqual([
      'organization_domain.deleted',
      'organization_domain.created',
      'organization.updated',
    ]);
  });

  it('refuses ids another organization has, and gives a free one back', async () => {
    const one = await create({ name: 'One', external_id: 'x' });
    const two = await create({ name: 'Two' });
    await client.put(`/organizations/${one.id}`, { stripe_customer_id: 'cus_1' });
    const path = `/organizations/${two.id}`;
    expect((await client.put(path, { external_id: 'x' })).body.code).toBe('external_id_already_used');
    expect((await client.put(path, { stripe_customer_id: 'cus_1' })).body.code).toBe(
      'stripe_customer_id_already_used',
    );
    await client.put(`/organizations/${one.id}`, { external_id: null });
    expect((await client.put(path, { external_id: 'x' })).status).toBe(200);
  });
});

describe('deleting an organization', () => {
  it('takes its domains with it and tells of all', async () => {
    const made = await create({
      name: 'Northwind',
      domain_data: [{ domain: 'nw.example', state: 'pending' }],
    });
    expect((await client.delete(`/organizations/${made.id}`)).status).toBe(202);
    expect((await client.get(`/organizations/${made.id}`)).status).toBe(404);
    expect((await client.get(`/organization_domains/${made.domains[0].id}`)).status).toBe(404);
    const events = (await client.events()).slice(-2);
    expect(events.map((event) => event.event)).toEqual([
      'organization_domain.deleted',
      'organization.deleted',
    ]);
    expect(events[1].data).toEqual(made);
  });

  it('of one that is not there is a 404', async () => {
    expect(await client.delete('/organizations/org_nothing')).toMatchObject({
      status: 404,
      body: { code: 'entity_not_found', entity_id: 'org_nothing' },
    });
  });
});

describe('listing organizations', () => {
  it('gives the newest first, ten unless asked otherwise', async () => {
    for (let number = 1; number <= 12; number += 1) await create({ name: `Number ${number}` });
    const { body } = await client.get('/organizations');
    expect(body.data).toHaveLength(10);
    expect(body.data[0].name).toBe('Number 12');
    expect(body.list_metadata).toEqual({ before: null, after: body.data[9].id });
  });

  it('filters by domain, in any of the spellings of a list, and by a part of the name', async () => {
    const first = await create({
      name: '100% Tea',
      domain_data: [{ domain: 'tea.example', state: 'pending' }],
    });
    const second = await create({
      name: 'Coffee',
      domain_data: [{ domain: 'coffee.example', state: 'pending' }],
    });
    const ids = async (query: string) =>
      (await client.get(`/organizations?${query}`)).body.data.map((organization: Json) => organization.id);
    expect(await ids('domains=tea.example')).toEqual([first.id]);
    for (const query of [
      'domains=tea.example,coffee.example',
      'domains=tea.example&domains=coffee.example',
      'domains[]=tea.example&domains[]=coffee.example',
      'domains%5B%5D=tea.example&domains%5B%5D=Coffee.example',
    ]) {
      expect(await ids(query)).toEqual([second.id, first.id]);
    }
    expect(await ids('search=tea')).toEqual([first.id]);
    expect(await ids(`search=${encodeURIComponent('100%')}`)).toEqual([first.id]);
    expect(await ids(`search=${encodeURIComponent('%')}`)).toEqual([first.id]);
  });
});

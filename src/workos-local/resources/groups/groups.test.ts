import { beforeEach, describe, expect, it } from 'vitest';
import { type Json, LocalClient } from '../../testing/local-client.ts';

let client: LocalClient;
let organization: Json;
let path: string;
beforeEach(async () => {
  client = new LocalClient();
  organization = (await client.post('/organizations', { name: 'Northwind' })).body;
  path = `/organizations/${organization.id}/groups`;
});

const create = async (body: object): Promise<Json> => {
  const reply = await client.post(path, body);
  expect(reply.status).toBe(201);
  return reply.body;
};

describe('groups of an organization', () => {
  it('are made, read, listed, changed and deleted, and each change is told', async () => {
    const group = await create({ name: 'Engineering', description: 'They build' });
    expect(group).toMatchObject({
      organization_id: organization.id,
      name: 'Engineering',
      description: 'They build',
    });
    expect((await client.get(`${path}/${group.id}`)).body).toEqual(group);
    expect((await client.get(path)).body.data).toEqual([group]);
    client.clock.advance(1000);
    const changed = (await client.call('PATCH', `${path}/${group.id}`, { body: { description: null } })).body;
    expect(changed).toEqual({ ...group, description: null, updated_at: changed.updated_at });
    expect(changed.updated_at > group.updated_at).toBe(true);
    expect((await client.delete(`${path}/${group.id}`)).status).toBe(204);
    expect((await client.get(`${path}/${group.id}`)).status).toBe(404);
    const told = (await client.events()).slice(-3).map((event) => [event.event, event.data]);
    expect(told).toEqual([
      ['group.created', group],
      ['group.updated', changed],
      ['group.deleted', changed],
    ]);
  });

  it('belong to one organization', async () => {
    const group = await create({ name: 'Engineering' });
    const other = (await client.post('/organizations', { name: 'Other' })).body;
    expect((await client.get(`/organizations/${other.id}/groups/${group.id}`)).status).toBe(404);
    expect((await client.delete(`/organizations/${other.id}/groups/${group.id}`)).status).toBe(404);
    expect((await client.get(`/organizations/${other.id}/groups`)).body.data).toEqual([]);
    expect((await client.get('/organizations/org_none/groups')).status).toBe(404);
  });

  it('go with their organization', async () => {
    const group = await create({ name: 'Engineering' });
    await client.delete(`/organizations/${organization.id}`);
    const deleted = (await client.events()).filter((event) => event.event === 'group.deleted');
    expect(deleted.map((event) => event.data)).toEqual([group]);
  });

  it('need a name, and keep to the lengths of the document', async () => {
    expect((await client.post(path, {})).status).toBe(422);
    expect((await client.post(path, { name: ' ' })).status).toBe(422);
    expect((await client.post(path, { name: 'x'.repeat(257) })).status).toBe(422);
    expect((await client.post(path, { name: 'x', description: 'y'.repeat(151) })).status).toBe(422);
    expect((await client.post(path, { name: '🜁'.repeat(256) })).status).toBe(201);
  });
});

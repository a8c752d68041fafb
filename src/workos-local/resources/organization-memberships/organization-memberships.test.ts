import { beforeEach, describe, expect, it } from 'vitest';
import { type Json, LocalClient } from '../../testing/local-client.ts';

const path = '/user_management/organization_memberships';
let client: LocalClient;
let user: Json;
let organization: Json;
beforeEach(async () => {
  client = new LocalClient();
  user = (await client.post('/user_management/users', { email: 'ada@a.example', first_name: 'Ada' })).body;
  organization = (await client.post('/organizations', { name: 'Northwind' })).body;
});

const add = (body: object = {}) =>
  client.post(path, { user_id: user.id, organization_id: organization.id, ...body });

async function member(body: object = {}): Promise<Json> {
  const reply = await add(body);
  expect(reply.status).toBe(201);
  return reply.body;
}

const invite = (body: object = {}) =>
  client.post('/user_management/invitations', {
    email: 'ada@a.example',
    organization_id: organization.id,
    ...body,
  });

async function pendingMember(): Promise<Json> {
  expect((await invite()).status).toBe(201);
  const { body } = await client.get(`${path}?user_id=${user.id}&statuses=pending`);
  return body.data[0];
}

const newEvents = async (count: number) =>
  (await client.events()).slice(-count).map((event) => [event.event, event.data.status]);

describe('a new membership', () => {
  it('is active, with the default role, its user and the name of its organization', async () => {
    const made = await member();
    expect(made).toMatchObject({
      object: 'organization_membership',
      user_id: user.id,
      organization_id: organization.id,
      organization_name: 'Northwind',
      status: 'active',
      directory_managed: false,
      custom_attributes: {},
      role: { slug: 'member' },
      roles: [{ slug: 'member' }],
      user,
    });
    expect(made.id).toMatch(/^om_01/);
    expect((await client.get(`${path}/${made.id}`)).body).toEqual(made);
    const event = (await client.events()).at(-1);
    const { organization_name, user: _user, ...told } = made;
    expect(event).toMatchObject({ event: 'organization_membership.created', data: told });
    expect(organization_name).toBe('Northwind');
  });

  it('has the roles it is given, each once, the highest first', async () => {
    expect(await member({ role_slugs: ['member', 'admin', 'member'] })).toMatchObject({
      role: { slug: 'admin' },
      roles: [{ slug: 'admin' }, { slug: 'member' }],
    });
  });

  it.each([{ role_slug: 'owner' }, { role_slugs: ['member', 'owner'] }])(
    'cannot have a role that is not there: %j',
    async (body) => {
      const before = await client.events();
      expect(await add(body)).toMatchObject({ status: 422, body: { code: 'invalid_role' } });
      expect(await client.events()).toEqual(before);
    },
  );

  it('needs a user and an organization that are there', async () => {
    expect((await add({ user_id: 'user_none' })).status).toBe(404);
    expect((await add({ organization_id: 'org_none' })).status).toBe(404);
    expect((await add({ role_slug: 'admin', role_slugs: ['admin'] })).status).toBe(422);
  });

  it('is the only one between its user and its organization', async () => {
    const made = await member();
    expect(await add({ role_slug: 'admin' })).toMatchObject({
      status: 409,
      body: { code: 'organization_membership_already_exists' },
    });
    expect((await client.get(`${path}/${made.id}`)).body).toEqual(made);
  });

  it('of somebody who was deactivated is the old one, active again with the new role', async () => {
    const made = await member();
    await client.put(`${path}/${made.id}/deactivate`);
    expect(await member({ role_slug: 'admin' })).toMatchObject({
      id: made.id,
      status: 'active',
      role: { slug: 'admin' },
    });
    expect(await newEvents(1)).toEqual([['organization_membership.updated', 'active']]);
  });

  it('cannot be made while an invitation waits', async () => {
    await pendingMember();
    expect(await add()).toMatchObject({
      status: 400,
      body: { code: 'cannot_reactivate_pending_organization_membership' },
    });
  });
});

describe('a membership', () => {
  it('is deactivated and reactivated, keeps its roles, and does nothing the second time', async () => {
    const made = await member({ role_slug: 'admin' });
    for (const [action, status] of [
      ['deactivate', 'inactive'],
      ['reactivate', 'active'],
    ] as const) {
      client.clock.advance(1000);
      const changed = (await client.put(`${path}/${made.id}/${action}`)).body;
      expect(changed).toEqual({ ...made, status, updated_at: changed.updated_at });
      expect(changed.updated_at > made.updated_at).toBe(true);
      const events = await client.events();
      expect(events.at(-1)).toMatchObject({ event: 'organization_membership.updated', data: { status } });
      client.clock.advance(1000);
      expect((await client.put(`${path}/${made.id}/${action}`)).body).toEqual(changed);
      expect(await client.events()).toEqual(events);
    }
  });

  it('that is pending can be neither deactivated nor reactivated', async () => {
    const pending = await pendingMember();
    for (const action of ['deactivate', 'reactivate']) {
      expect(await client.put(`${path}/${pending.id}/${action}`)).toMatchObject({
        status: 400,
        body: { code: `cannot_${action}_pending_organization_membership` },
      });
    }
  });

  it('changes its roles, and tells of it only when they are others', async () => {
    const made = await member();
    client.clock.advance(1000);
    const put = async (body: object) => (await client.put(`${path}/${made.id}`, body)).body;
    for (const same of [{}, { role_slug: 'member' }, { role_slugs: ['member', 'member'] }]) {
      expect(await put(same)).toEqual(made);
    }
    const admin = await put({ role_slug: 'admin' });
    expect(admin).toMatchObject({ role: { slug: 'admin' }, roles: [{ slug: 'admin' }] });
    expect(admin.updated_at > made.updated_at).toBe(true);
    expect((await client.events()).at(-1)).toMatchObject({
      event: 'organization_membership.updated',
      data: { id: made.id, role: { slug: 'admin' } },
    });
    expect((await put({ role_slugs: [] })).roles).toEqual([{ slug: 'member' }]);
    expect((await put({ role_slug: 'owner' })).code).toBe('invalid_role');
    expect((await client.put(`${path}/om_none`, { role_slug: 'admin' })).status).toBe(404);
  });

  it('ends with its event, and can begin again', async () => {
    const made = await member();
    expect((await client.delete(`${path}/${made.id}`)).status).toBe(200);
    expect((await client.get(`${path}/${made.id}`)).status).toBe(404);
    expect((await client.delete(`${path}/${made.id}`)).status).toBe(404);
    expect(await newEvents(1)).toEqual([['organization_membership.deleted', 'active']]);
    expect((await member()).id).not.toBe(made.id);
  });

  it('that is pending takes its invitation with it when it is deleted', async () => {
    const pending = await pendingMember();
    await client.delete(`${path}/${pending.id}`);
    const invitations = (await client.get('/user_management/invitations?email=ada@a.example')).body.data;
    expect(invitations).toMatchObject([{ state: 'revoked' }]);
    expect((await client.events()).slice(-2).map((event) => event.event)).toEqual([
      'invitation.revoked',
      'organization_membership.deleted',
    ]);
    expect((await member()).status).toBe('active');
  });

  it('ends when its organization is deleted', async () => {
    const made = await member();
    await client.delete(`/organizations/${organization.id}`);
    expect((await client.get(`${path}/${made.id}`)).status).toBe(404);
    expect((await client.events()).slice(-2).map((event) => event.event)).toEqual([
      'organization_membership.deleted',
      'organization.deleted',
    ]);
    expect((await client.get(`/user_management/users/${user.id}`)).status).toBe(200);
  });
});

describe('the list of memberships', () => {
  it('is of a user, an organization or both, active ones unless others are asked for', async () => {
    const other = (await client.post('/organizations', { name: 'Southwind' })).body;
    const bob = (await client.post('/user_management/users', { email: 'bob@a.example' })).body;
    const first = await member();
    const second = await member({ organization_id: other.id });
    const third = await member({ user_id: bob.id });
    await client.put(`${path}/${third.id}/deactivate`);
    const ids = async (query: string) =>
      (await client.get(`${path}?${query}`)).body.data.map((membership: Json) => membership.id);
    expect(await ids(`user_id=${user.id}`)).toEqual([second.id, first.id]);
    expect(await ids(`organization_id=${organization.id}`)).toEqual([first.id]);
    expect(await ids(`organization_id=${organization.id}&statuses=inactive`)).toEqual([third.id]);
    expect(await ids(`organization_id=${organization.id}&statuses=active,inactive`)).toEqual([
      third.id,
      first.id,
    ]);
    expect(await ids(`organization_id=${organization.id}&user_id=${bob.id}`)).toEqual([]);
    expect(await ids(`user_id=${user.id}&limit=1&after=${second.id}`)).toEqual([first.id]);
  });

  it('is of somebody, who must be there', async () => {
    expect(await client.get(path)).toMatchObject({
      status: 400,
      body: { code: 'missing_user_id_or_organization_id' },
    });
    expect((await client.get(`${path}?user_id=user_none`)).status).toBe(404);
    expect((await client.get(`${path}?organization_id=org_none`)).status).toBe(404);
    expect((await client.get(`${path}?user_id=${user.id}&statuses=gone`)).status).toBe(422);
  });
});

describe('memberships of two environments', () => {
  it('never meet', async () => {
    client = new LocalClient({ autoEnvironments: true });
    const [a, b] = [{ key: 'sk_test_a' }, { key: 'sk_test_b' }];
    const make = async (call: { key: string }) => ({
      user_id: (await client.post('/user_management/users', { email: 'ada@a.example' }, call)).body.id,
      organization_id: (await client.post('/organizations', { name: 'Northwind' }, call)).body.id,
    });
    const [ofA, ofB] = [await make(a), await make(b)];
    const made = (await client.post(path, { ...ofA, role_slug: 'admin' }, a)).body;
    expect((await client.post(path, { ...ofA, user_id: ofB.user_id }, a)).status).toBe(404);
    expect((await client.post(path, { ...ofA, organization_id: ofB.organization_id }, a)).status).toBe(404);
    expect((await client.post(path, ofA, b)).status).toBe(404);
    expect((await client.get(`${path}/${made.id}`, b)).status).toBe(404);
    expect((await client.put(`${path}/${made.id}/deactivate`, {}, b)).status).toBe(404);
    expect((await client.put(`${path}/${made.id}`, { role_slug: 'member' }, b)).status).toBe(404);
    expect((await client.delete(`${path}/${made.id}`, b)).status).toBe(404);
    expect((await client.get(`${path}?user_id=${ofA.user_id}`, b)).status).toBe(404);
    expect(
      (await client.get(`/user_management/users?organization_id=${ofA.organization_id}`, b)).body.data,
    ).toEqual([]);
    expect((await client.get(`${path}/${made.id}`, a)).body).toEqual(made);
  });
});

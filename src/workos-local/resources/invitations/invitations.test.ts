import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../kit/clock.ts';
import { FileClient } from '../../testing/file-client.ts';
import { type Json, LocalClient } from '../../testing/local-client.ts';

const path = '/user_management/invitations';
const memberships = '/user_management/organization_memberships';
const email = 'ada@a.example';
let client: FileClient;
let organization: Json;
beforeEach(async () => {
  client = FileClient.open();
  organization = (await client.post('/organizations', { name: 'Northwind' })).body;
});
afterEach(() => {
  client.close();
});

const signUp = async (address = email): Promise<Json> =>
  (await client.post('/user_management/users', { email: address })).body;
const send = (body: object = {}) => client.post(path, { email, organization_id: organization.id, ...body });

async function invited(body: object = {}): Promise<Json> {
  const reply = await send(body);
  expect(reply.status).toBe(201);
  return reply.body;
}

const membershipOf = async (user: Json): Promise<Json> =>
  (await client.get(`${memberships}?user_id=${user.id}&statuses=active,inactive,pending`)).body.data[0];
const newEvents = async (count: number) =>
  (await client.events()).slice(-count).map((event: Json) => event.event);

describe('sending an invitation', () => {
  it('makes one that waits for seven days, tells of it without its token, and puts it into the inbox', async () => {
    const inviter = (
      await client.post('/user_management/users', { email: 'bob@a.example', first_name: 'Bob' })
    ).body;
    const made = await invited({ inviter_user_id: inviter.id });
    expect(made).toMatchObject({
      object: 'invitation',
      email,
      state: 'pending',
      accepted_at: null,
      revoked_at: null,
      organization_id: organization.id,
      inviter_user_id: inviter.id,
      accepted_user_id: null,
      role_slug: 'member',
    });
    expect(made.token).toMatch(/^[A-Za-z0-9]{25}$/);
    expect(new URL(made.accept_invitation_url).searchParams.get('invitation_token')).toBe(made.token);
    expect(Date.parse(made.expires_at) - client.clock.now()).toBe(7 * day);
    expect((await client.get(`${path}/${made.id}`)).body).toEqual(made);
    expect((await client.get(`${path}/by_token/${made.token}`)).body).toEqual(made);
    const { token, accept_invitation_url, ...told } = made;
    const event = (await client.events()).at(-1);
    expect(event.event).toBe('invitation.created');
    expect(event.data).toEqual(told);
    expect(client.mailTo(email)).toMatchObject([
      {
        kind: 'invitation',
        subject: 'Bob invites you to join Northwind',
        token,
        link: accept_invitation_url,
        code: null,
      },
    ]);
  });

  it('makes a user who is there a pending member, with the role of the invitation', async () => {
    const user = await signUp();
    await invited({ role_slug: 'admin' });
    expect(await membershipOf(user)).toMatchObject({ status: 'pending', role: { slug: 'admin' } });
    expect(await newEvents(2)).toEqual(['invitation.created', 'organization_membership.created']);
  });

  it('to the application has no organization and no role', async () => {
    const made = await invited({ organization_id: undefined, role_slug: 'admin' });
    expect(made).toMatchObject({ organization_id: null, role_slug: null });
    expect(client.mailTo(email)).toMatchObject([{ subject: 'You are invited' }]);
  });

  it.each([
    [{ expires_in_days: 0 }, 'expires_in_days_too_short'],
    [{ expires_in_days: 31 }, 'expires_in_days_too_long'],
    [{ role_slug: 'owner' }, 'invalid_role'],
  ])('with %j is refused as %s', async (body, code) => {
    const before = await client.events();
    expect(await send(body)).toMatchObject({ status: 400, body: { code } });
    expect(await client.events()).toEqual(before);
    expect(client.mailTo(email)).toEqual([]);
  });

  it('needs an address, an organization and an inviter that are there', async () => {
    expect((await send({ email: 'nobody' })).status).toBe(422);
    expect((await send({ organization_id: 'org_none' })).status).toBe(404);
    expect((await send({ inviter_user_id: 'user_none' })).status).toBe(404);
  });

  it('is refused while one waits, in any case of the address, for the same organization', async () => {
    const other = (await client.post('/organizations', { name: 'Southwind' })).body;
    await invited();
    expect(await send({ email: email.toUpperCase() })).toMatchObject({
      status: 400,
      body: { code: 'email_already_invited_to_organization' },
    });
    await invited({ organization_id: other.id });
    await invited({ organization_id: undefined });
    expect((await send({ organization_id: undefined })).body.code).toBe('email_already_invited');
  });

  it('is refused for a member, and to the application for a user', async () => {
    const user = await signUp();
    await client.post(memberships, { user_id: user.id, organization_id: organization.id });
    expect(await send()).toMatchObject({
      status: 400,
      body: { code: 'user_already_organization_member' },
    });
    expect((await client.get(path)).body.data.filter((item: Json) => item.email === email)).toEqual([]);
    expect((await send({ organization_id: undefined })).body.code).toBe('user_already_exists');
  });

  it('is possible again once the one before has expired, with another role', async () => {
    const user = await signUp();
    const first = await invited({ expires_in_days: 1 });
    client.clock.advance(day);
    const second = await invited({ role_slug: 'admin' });
    expect(second).toMatchObject({ state: 'pending', role_slug: 'admin' });
    expect((await client.get(`${path}/${first.id}`)).body.state).toBe('expired');
    expect(await membershipOf(user)).toMatchObject({ status: 'pending', role: { slug: 'admin' } });
  });
});

describe('accepting an invitation', () => {
  const accept = (id: string) => client.post(`${path}/${id}/accept`);

  it('makes the pending member active', async () => {
    const user = await signUp();
    const made = await invited({ role_slug: 'admin' });
    client.clock.advance(1000);
    const reply = await accept(made.id);
    expect(reply.body).toEqual({
      ...made,
      state: 'accepted',
      accepted_at: reply.body.updated_at,
      accepted_user_id: user.id,
      updated_at: reply.body.updated_at,
    });
    expect(reply.body.updated_at > made.updated_at).toBe(true);
    expect(await membershipOf(user)).toMatchObject({ status: 'active', role: { slug: 'admin' } });
    expect(await newEvents(2)).toEqual(['invitation.accepted', 'organization_membership.updated']);
  });

  it('needs a user, who may sign up after they were invited', async () => {
    const made = await invited({ role_slug: 'admin' });
    expect(await accept(made.id)).toMatchObject({ status: 400, body: { code: 'invalid_invite' } });
    expect((await client.get(`${path}/${made.id}`)).body).toEqual(made);
    const user = await signUp(email.toUpperCase());
    expect((await accept(made.id)).body.accepted_user_id).toBe(user.id);
    expect(await membershipOf(user)).toMatchObject({ status: 'active', role: { slug: 'admin' } });
    expect(await newEvents(2)).toEqual(['invitation.accepted', 'organization_membership.created']);
  });

  it('is possible for the pending member after their address has changed', async () => {
    const user = await signUp();
    const made = await invited();
    await client.put(`/user_management/users/${user.id}`, { email: 'new@a.example' });
    expect((await accept(made.id)).body.accepted_user_id).toBe(user.id);
  });

  it('brings back a member who was deactivated, with the role of the invitation', async () => {
    const user = await signUp();
    const member = (await client.post(memberships, { user_id: user.id, organization_id: organization.id }))
      .body;
    await client.put(`${memberships}/${member.id}/deactivate`);
    const made = await invited({ role_slug: 'admin' });
    expect(made.role_slug).toBe('admin');
    expect(await membershipOf(user)).toMatchObject({ status: 'inactive', role: { slug: 'member' } });
    await accept(made.id);
    expect(await membershipOf(user)).toMatchObject({
      id: member.id,
      status: 'active',
      role: { slug: 'admin' },
    });
  });

  it('keeps the role the pending member was given since', async () => {
    const user = await signUp();
    const made = await invited();
    const pending = await membershipOf(user);
    await client.put(`${memberships}/${pending.id}`, { role_slug: 'admin' });
    expect((await client.get(`${path}/${made.id}`)).body.role_slug).toBe('admin');
    expect((await accept(made.id)).body.role_slug).toBe('admin');
    expect((await membershipOf(user)).role.slug).toBe('admin');
  });

  it('to the application makes no member', async () => {
    const made = await invited({ organization_id: undefined });
    const user = await signUp();
    expect((await accept(made.id)).body).toMatchObject({ state: 'accepted', accepted_user_id: user.id });
    expect(await membershipOf(user)).toBeUndefined();
  });

  it('is possible once, and not after it has expired or was revoked', async () => {
    await signUp();
    const made = await invited();
    await accept(made.id);
    expect(await accept(made.id)).toMatchObject({ status: 400, body: { code: 'invite_not_pending' } });
    const other = (await client.post('/organizations', { name: 'Southwind' })).body;
    const late = await invited({ organization_id: other.id, expires_in_days: 2 });
    client.clock.advance(2 * day);
    expect((await accept(late.id)).body.code).toBe('invite_not_pending');
    const withdrawn = await invited({ organization_id: other.id });
    await client.post(`${path}/${withdrawn.id}/revoke`);
    expect((await accept(withdrawn.id)).body.code).toBe('invite_not_pending');
    expect((await accept('invitation_none')).status).toBe(404);
  });
});

describe('resending an invitation', () => {
  it('sends it again and lets it wait as long as at first', async () => {
    const made = await invited({ expires_in_days: 3 });
    client.clock.advance(2 * day);
    const again = (await client.post(`${path}/${made.id}/resend`, { locale: 'en' })).body;
    expect(again).toEqual({ ...made, expires_at: again.expires_at, updated_at: again.updated_at });
    expect(Date.parse(again.expires_at) - client.clock.now()).toBe(3 * day);
    expect(client.mailTo(email).map((mail) => mail.token)).toEqual([made.token, made.token]);
    expect(await newEvents(1)).toEqual(['invitation.resent']);
    client.clock.advance(3 * day - 1);
    expect((await client.get(`${path}/${made.id}`)).body.state).toBe('pending');
  });

  it('is refused once it is over, and says why', async () => {
    await signUp();
    const resend = async (id: string) => (await client.post(`${path}/${id}/resend`, {})).body.code;
    const accepted = await invited();
    await client.post(`${path}/${accepted.id}/accept`);
    expect(await resend(accepted.id)).toBe('invite_accepted');
    const other = (await client.post('/organizations', { name: 'Southwind' })).body;
    const revoked = await invited({ organization_id: other.id });
    await client.post(`${path}/${revoked.id}/revoke`);
    expect(await resend(revoked.id)).toBe('invite_revoked');
    const expired = await invited({ organization_id: other.id, expires_in_days: 1 });
    client.clock.advance(day);
    expect(await resend(expired.id)).toBe('invite_expired');
    expect(await resend('invitation_none')).toBe('entity_not_found');
  });
});

describe('revoking an invitation', () => {
  it('ends it and the pending membership', async () => {
    const user = await signUp();
    const made = await invited();
    client.clock.advance(1000);
    const revoked = (await client.post(`${path}/${made.id}/revoke`)).body;
    expect(revoked).toEqual({
      ...made,
      state: 'revoked',
      revoked_at: revoked.updated_at,
      updated_at: revoked.updated_at,
    });
    expect(await newEvents(2)).toEqual(['invitation.revoked', 'organization_membership.deleted']);
    expect(await membershipOf(user)).toBeUndefined();
    expect((await client.get(`${path}/${made.id}`)).body).toEqual(revoked);
    expect((await client.post(`${path}/${made.id}/revoke`)).body.code).toBe('invite_not_pending');
    expect((await client.get(`${path}/by_token/${made.token}`)).body).toEqual(revoked);
  });

  it('of a member who was let go before leaves that membership', async () => {
    const user = await signUp();
    const member = (await client.post(memberships, { user_id: user.id, organization_id: organization.id }))
      .body;
    await client.put(`${memberships}/${member.id}/deactivate`);
    const made = await invited();
    await client.post(`${path}/${made.id}/revoke`);
    expect(await membershipOf(user)).toMatchObject({ id: member.id, status: 'inactive' });
  });
});

describe('invitations', () => {
  it('are listed by address and organization', async () => {
    const other = (await client.post('/organizations', { name: 'Southwind' })).body;
    const first = await invited();
    const second = await invited({ organization_id: other.id });
    const third = await invited({ email: 'bob@a.example' });
    const ids = async (query: string) =>
      (await client.get(`${path}?${query}`)).body.data.map((invitation: Json) => invitation.id);
    expect(await ids(`email=${email.toUpperCase()}`)).toEqual([second.id, first.id]);
    expect(await ids(`organization_id=${organization.id}`)).toEqual([third.id, first.id]);
    expect(await ids(`organization_id=${other.id}&email=bob@a.example`)).toEqual([]);
    expect(await ids(`email=${email}&limit=1&after=${second.id}`)).toEqual([first.id]);
  });

  it('go with their organization, and those that waited are told of', async () => {
    const user = await signUp();
    const made = await invited();
    await invited({ email: 'bob@a.example' });
    await client.delete(`/organizations/${organization.id}`);
    expect((await client.get(`${path}/${made.id}`)).status).toBe(404);
    expect(await membershipOf(user)).toBeUndefined();
    expect(await newEvents(4)).toEqual([
      'invitation.revoked',
      'organization_membership.deleted',
      'invitation.revoked',
      'organization.deleted',
    ]);
  });

  it('of two environments never meet', async () => {
    const local = new LocalClient({ autoEnvironments: true });
    const [a, b] = [{ key: 'sk_test_a' }, { key: 'sk_test_b' }];
    const made = (await local.post(path, { email }, a)).body;
    expect((await local.get(path, b)).body.data).toEqual([]);
    expect((await local.get(`${path}/${made.id}`, b)).status).toBe(404);
    expect((await local.get(`${path}/by_token/${made.token}`, b)).status).toBe(404);
    for (const action of ['accept', 'resend', 'revoke']) {
      expect((await local.post(`${path}/${made.id}/${action}`, {}, b)).status).toBe(404);
    }
    expect((await local.post(path, { email }, b)).status).toBe(201);
    expect((await local.get(path, a)).body.data).toEqual([made]);
  });
});

import { describe, expect, it } from 'vitest';
import { day } from './kit/clock.ts';
import { type Json, LocalClient, type Reply } from './testing/local-client.ts';
import { Chance } from './testing/odd-values.ts';

const um = '/user_management';

/** One environment, and what is known of it from its answers. */
class World {
  readonly key: string;
  readonly client: LocalClient;
  readonly chance: Chance;
  /** Ids that were given out once, those of what is gone too. */
  readonly ids = {
    user: ['user_none'],
    org: ['org_none'],
    om: ['om_none'],
    invitation: ['invitation_none'],
    group: ['group_none'],
  };

  constructor(key: string, client: LocalClient, chance: Chance) {
    this.key = key;
    this.client = client;
    this.chance = chance;
  }

  call(method: string, path: string, body?: object): Promise<Reply> {
    return this.client.call(method, path, { key: this.key, body });
  }

  some(kind: keyof World['ids']): string {
    // Mostly one of the newest: that is where things are still going on.
    const all = this.ids[kind];
    return this.chance.pick(this.chance.next() < 0.7 ? all.slice(-4) : all);
  }

  /** Every page of a list. Small pages, so that cursors are part of what is tried. */
  async all(path: string): Promise<Json[]> {
    const found: Json[] = [];
    for (let after = ''; ; ) {
      const { body } = await this.call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=7${after}`);
      found.push(...body.data);
      if (body.list_metadata.after === null) return found;
      after = `&after=${body.list_metadata.after}`;
    }
  }
}

type Step = (world: World) => Promise<Reply>;

const email = (chance: Chance) => `${chance.pick(['ada', 'Ada', 'bob', 'eve', 'joe', 'zoe'])}@a.example`;
const role = (chance: Chance) =>
  chance.pick([{}, { role_slug: 'admin' }, { role_slugs: ['member', 'admin'] }]);

/** Things that can happen, those first that there must be many of. */
const steps: readonly Step[] = [
  (w) => w.call('POST', `${um}/users`, { email: email(w.chance) }),
  (w) => w.call('POST', `${um}/users`, { email: email(w.chance) }),
  (w) => w.call('PUT', `${um}/users/${w.some('user')}`, { email: email(w.chance) }),
  (w) => w.call('DELETE', `${um}/users/${w.some('user')}`),
  (w) => w.call('POST', '/organizations', { name: 'Northwind' }),
  (w) => (w.chance.next() < 0.3 ? w.call('DELETE', `/organizations/${w.some('org')}`) : add(w)),
  add,
  add,
  (w) => w.call('PUT', `${um}/organization_memberships/${w.some('om')}`, role(w.chance)),
  (w) => w.call('PUT', `${um}/organization_memberships/${w.some('om')}/deactivate`, {}),
  (w) => w.call('PUT', `${um}/organization_memberships/${w.some('om')}/reactivate`, {}),
  (w) => w.call('DELETE', `${um}/organization_memberships/${w.some('om')}`),
  invite,
  invite,
  invite,
  (w) => w.call('POST', `${um}/invitations/${w.some('invitation')}/accept`),
  (w) => w.call('POST', `${um}/invitations/${w.some('invitation')}/accept`),
  (w) => w.call('POST', `${um}/invitations/${w.some('invitation')}/resend`, {}),
  (w) => w.call('POST', `${um}/invitations/${w.some('invitation')}/revoke`),
  (w) => w.call('POST', `/organizations/${w.some('org')}/groups`, { name: 'Engineering' }),
  (w) => inGroup(w, 'POST'),
  (w) => inGroup(w, 'POST'),
  (w) => inGroup(w, 'DELETE'),
  (w) =>
    w.chance.next() < 0.5
      ? inGroup(w, 'POST')
      : w.call('DELETE', `/organizations/${w.some('org')}/groups/${w.some('group')}`),
];

function inGroup(w: World, method: 'POST' | 'DELETE'): Promise<Reply> {
  const at = `/organizations/${w.some('org')}/groups/${w.some('group')}/organization-memberships`;
  const om = w.some('om');
  return method === 'POST'
    ? w.call('POST', at, { organization_membership_id: om })
    : w.call('DELETE', `${at}/${om}`);
}

function add(w: World): Promise<Reply> {
  const between = { user_id: w.some('user'), organization_id: w.some('org') };
  return w.call('POST', `${um}/organization_memberships`, { ...between, ...role(w.chance) });
}

function invite(w: World): Promise<Reply> {
  const { chance } = w;
  return w.call('POST', `${um}/invitations`, {
    email: email(chance),
    expires_in_days: chance.pick([1, 7, 30]),
    ...(chance.next() < 0.85 ? { organization_id: w.some('org') } : {}),
    ...(chance.next() < 0.3 ? { role_slug: 'admin' } : {}),
    ...(chance.next() < 0.3 ? { inviter_user_id: w.some('user') } : {}),
  });
}

/** What the events say there is, by id. */
function told(events: readonly Json[]): Map<string, Json> {
  const there = new Map<string, Json>();
  for (const { event, data } of events) {
    if (event.startsWith('group.member_')) continue;
    if (event.endsWith('.deleted')) expect(there.delete(data.id), `${event} of ${data.id}`).toBe(true);
    else {
      expect(there.has(data.id), `${event} of ${data.id}`).toBe(!event.endsWith('.created'));
      there.set(data.id, data);
    }
  }
  return there;
}

/** What the events say who is in which group: `group membership`. */
function toldMembers(events: readonly Json[]): Set<string> {
  const members = new Set<string>();
  for (const { event, data } of events) {
    const entry = `${data.group_id} ${data.organization_membership_id}`;
    if (event === 'group.member_added') members.add(entry);
    if (event === 'group.member_removed') expect(members.delete(entry), entry).toBe(true);
    // A group takes its members with it.
    if (event === 'group.deleted') {
      for (const one of members) if (one.startsWith(`${data.id} `)) members.delete(one);
    }
  }
  return members;
}

/** The groups of all organizations, whose members are those that were told of, listed from both sides. */
async function lookAtGroups(
  world: World,
  organizations: readonly Json[],
  members: readonly Json[],
): Promise<Json[]> {
  const groups: Json[] = [];
  const fromGroups: string[] = [];
  for (const organization of organizations) {
    for (const group of await world.all(`/organizations/${organization.id}/groups`)) {
      groups.push(group);
      const path = `/organizations/${organization.id}/groups/${group.id}/organization-memberships`;
      fromGroups.push(...(await world.all(path)).map(({ id }) => `${group.id} ${id}`));
    }
  }
  const fromMembers: string[] = [];
  for (const { id } of members) {
    const ofMember = await world.all(`${um}/organization_memberships/${id}/groups`);
    fromMembers.push(...ofMember.map((group) => `${group.id} ${id}`));
  }
  expect(new Set(fromMembers)).toEqual(new Set(fromGroups));
  expect(toldMembers(await world.all('/events?order=asc'))).toEqual(new Set(fromGroups));
  return groups;
}

async function look(world: World): Promise<Map<string, Json>> {
  const users = await world.all(`${um}/users`);
  const organizations = await world.all('/organizations');
  const invitations = await world.all(`${um}/invitations`);
  const everyStatus = 'statuses=active,inactive,pending';
  const byUser: Json[] = [];
  const byOrganization: Json[] = [];
  for (const user of users) {
    byUser.push(...(await world.all(`${um}/organization_memberships?user_id=${user.id}&${everyStatus}`)));
  }
  for (const { id } of organizations) {
    const members = await world.all(`${um}/organization_memberships?organization_id=${id}&${everyStatus}`);
    byOrganization.push(...members);
    const active = members.filter((member) => member.status === 'active').map((member) => member.user_id);
    const listed = (await world.all(`${um}/users?organization_id=${id}`)).map((user) => user.id);
    expect([new Set(listed), listed.length]).toEqual([new Set(active), active.length]);
  }
  expect(byId(byUser)).toEqual(byId(byOrganization));
  expect(byUser.length).toBe(byOrganization.length);
  const pairs = byUser.map((row) => `${row.user_id} ${row.organization_id}`);
  expect(new Set(pairs).size).toBe(pairs.length);
  for (const row of byUser) {
    expect(row.user).toEqual(users.find((user) => user.id === row.user_id));
    expect(row.role).toEqual(row.roles[0]);
  }
  const waiting = invitations.filter((row) => row.state === 'pending');
  const invited = waiting.map((row) => `${row.email.toLowerCase()} ${row.organization_id}`);
  expect(new Set(invited).size).toBe(invited.length);
  for (const row of invitations.filter((invitation) => invitation.state === 'accepted')) {
    expect([row.accepted_at === null, row.accepted_user_id === null]).toEqual([false, false]);
  }
  const groups = await lookAtGroups(world, organizations, byUser);
  return byId([...users, ...organizations, ...byUser, ...invitations, ...groups]);
}

function byId(rows: readonly Json[]): Map<string, Json> {
  return new Map(rows.map((row) => [row.id, row]));
}

/** Every object that is there as its last event tells of it, and no other. */
function expectAsTold(there: Map<string, Json>, events: readonly Json[]): void {
  const says = told(events);
  // An organization takes its invitations with it, which is told by its own event alone.
  for (const [id, data] of says) {
    const isGone = data.object === 'invitation' && data.organization_id !== null && !there.has(id);
    if (isGone && !says.has(data.organization_id)) says.delete(id);
  }
  expect([...says.keys()].toSorted()).toEqual([...there.keys()].toSorted());
  for (const [id, data] of says) {
    const { role_slug: _role, state, ...rest } = data;
    if (data.object === 'invitation') {
      // The clock lets it expire, and its role is its membership's: neither is an event of its own.
      expect(there.get(id)).toMatchObject({
        ...rest,
        state: state === 'pending' ? expect.anything() : state,
      });
    } else expect(there.get(id)).toMatchObject(data);
  }
}

describe('users, memberships, groups and invitations', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'agree with each other and with their events whatever happens (chance %i)',
    async (seed) => {
      const client = new LocalClient({ autoEnvironments: true });
      const chance = new Chance(seed * 7919);
      const worlds = ['sk_test_one', 'sk_test_two'].map((key) => new World(key, client, chance));
      const done = new Map<number, number>();
      for (let step = 1; step <= 240; step += 1) {
        client.clock.advance(chance.next() < 0.05 ? 3 * day : chance.pick([0, 1, 1000]));
        const world = chance.pick(worlds);
        const { status, body } = await chance.pick(steps)(world);
        done.set(status, (done.get(status) ?? 0) + 1);
        if (status === 201) {
          const kind = body.id.slice(0, body.id.indexOf('_')) as keyof World['ids'];
          world.ids[kind].push(body.id);
        }
        if (step % 40 !== 0) continue;
        for (const each of worlds) expectAsTold(await look(each), await each.all('/events?order=asc'));
      }
      // The steps were not refused all the time, nor ever possible.
      expect(done.get(201) ?? 0).toBeGreaterThan(25);
      expect(done.get(200) ?? 0).toBeGreaterThan(10);
      expect(done.get(400) ?? 0).toBeGreaterThan(5);
      client.server.close();
    },
  );

  it('of one environment are nowhere to be found in another', async () => {
    const client = new LocalClient({ autoEnvironments: true });
    const chance = new Chance(42);
    const [mine, other] = [
      new World('sk_test_one', client, chance),
      new World('sk_test_two', client, chance),
    ];
    for (let step = 0; step < 150; step += 1) {
      const { status, body } = await chance.pick(steps)(mine);
      if (status !== 201) continue;
      const kind = body.id.slice(0, body.id.indexOf('_')) as keyof World['ids'];
      mine.ids[kind].push(body.id);
      other.ids[kind].push(body.id);
    }
    const before = await look(mine);
    // Everything the other environment names is mine: whatever it makes of that is nothing but new users, new
    // organizations and invitations to the application.
    for (let step = 0; step < 150; step += 1) await chance.pick(steps)(other);
    expect(await look(mine)).toEqual(before);
    const made = [...(await look(other)).values()];
    expect(made.filter(({ object }) => object === 'organization_membership')).toEqual([]);
    expect(made.some(({ id }) => before.has(id))).toBe(false);
    client.server.close();
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileClient } from '../../testing/file-client.ts';
import type { Json } from '../../testing/local-client.ts';
import { requireFlag } from './feature-flags.table.ts';
import { createFlag, deleteFlag, featureFlagsClaim, type NewFlag } from './feature-flags.ts';

const path = '/feature-flags';
let client: FileClient;
let organization: Json;
let ada: Json;
let bob: Json;
beforeEach(async () => {
  client = FileClient.open('sk_test_flags');
  organization = (await client.post('/organizations', { name: 'Northwind' })).body;
  ada = (await client.post('/user_management/users', { email: 'ada@northwind.example' })).body;
  bob = (await client.post('/user_management/users', { email: 'bob@northwind.example' })).body;
  await client.post('/user_management/organization_memberships', {
    user_id: ada.id,
    organization_id: organization.id,
  });
  for (const slug of ['alpha', 'beta']) make({ slug, name: slug, enabled: true });
});
afterEach(() => client.close());

const make = (flag: NewFlag) => client.database.write(() => createFlag(client.context(), flag));
const target = (slug: string, id: string) => client.post(`${path}/${slug}/targets/${id}`);
const untarget = (slug: string, id: string) => client.delete(`${path}/${slug}/targets/${id}`);
const slugs = async (at: string): Promise<string[]> =>
  (await client.all(at)).map(({ slug }) => slug).toSorted((one, other) => (one < other ? -1 : 1));
const ofOrganization = () => slugs(`/organizations/${organization.id}/feature-flags`);
const ofUser = (user: Json) => slugs(`/user_management/users/${user.id}/feature-flags`);
const claim = (user: Json, organizationId: string | null) =>
  featureFlagsClaim(client.context(), user.id, organizationId);

describe('a flag', () => {
  it('is read by its slug and in the list', async () => {
    const { body: flag } = await client.get(`${path}/alpha`);
    expect(flag).toMatchObject({ slug: 'alpha', enabled: true, default_value: false, owner: null, tags: [] });
    expect((await client.all(path)).map(({ slug }) => slug)).toEqual(['beta', 'alpha']);
    expect(await client.all(path, 1)).toHaveLength(2);
    expect((await client.get(`${path}/none`)).status).toBe(404);
  });

  it('is switched off and on, and a change is told with what was before', async () => {
    client.clock.advance(1000);
    const off = await client.put(`${path}/alpha/disable`);
    expect(off.body).toMatchObject({ enabled: false });
    expect((await client.put(`${path}/alpha/disable`)).body).toEqual(off.body);
    expect((await client.put(`${path}/alpha/enable`)).body.enabled).toBe(true);
    expect((await client.put(`${path}/none/enable`)).status).toBe(404);
    expect((await client.put(`${path}/none/disable`)).status).toBe(404);
    const told = (await client.events()).filter(({ event }) => event === 'flag.updated');
    expect(told.map(({ data, context }) => [data.enabled, context.previous_attributes])).toEqual([
      [false, { data: { enabled: true } }],
      [true, { data: { enabled: false } }],
    ]);
    expect(told[0].data).toMatchObject({ ...off.body, environment_id: expect.any(String) });
  });

  it('has a slug of its own, and is told of when it is made and deleted', async () => {
    expect(() => make({ slug: 'alpha', name: 'Again' })).toThrow('already');
    expect(() => make({ slug: 'No Slug', name: 'X' })).toThrow();
    client.database.write(() => deleteFlag(client.context(), requireFlag(client.context(), 'alpha')));
    expect((await client.get(`${path}/alpha`)).status).toBe(404);
    const told = (await client.events()).filter(({ data }) => data.slug === 'alpha');
    expect(told.map(({ event }) => event)).toEqual(['flag.created', 'flag.deleted']);
  });
});

describe('the targets of a flag', () => {
  it('are users and organizations, and a member has what their organization has', async () => {
    expect((await target('alpha', organization.id)).status).toBe(204);
    expect((await target('beta', bob.id)).status).toBe(204);
    expect(await ofOrganization()).toEqual(['alpha']);
    expect(await ofUser(ada)).toEqual(['alpha']);
    expect(await ofUser(bob)).toEqual(['beta']);
    expect((await untarget('alpha', organization.id)).status).toBe(204);
    expect(await ofOrganization()).toEqual([]);
    expect(await ofUser(ada)).toEqual([]);
  });

  it('have it only while it is switched on, and everybody has one that is on by default', async () => {
    make({ slug: 'for-all', name: 'For all', enabled: true, defaultValue: true });
    await target('alpha', ada.id);
    expect(await ofUser(ada)).toEqual(['alpha', 'for-all']);
    await client.put(`${path}/alpha/disable`);
    await client.put(`${path}/for-all/disable`);
    expect(await ofUser(ada)).toEqual([]);
    expect(await ofOrganization()).toEqual([]);
  });

  it('of an organization reach its active members alone', async () => {
    await target('alpha', organization.id);
    const [membership] = await client.all(`/user_management/organization_memberships?user_id=${ada.id}`);
    await client.put(`/user_management/organization_memberships/${membership.id}/deactivate`, {});
    expect(await ofUser(ada)).toEqual([]);
  });

  it('are told with the rule before and after, once for each change', async () => {
    await target('alpha', organization.id);
    await target('alpha', organization.id);
    await untarget('alpha', bob.id);
    const told = (await client.events()).filter(({ event }) => event === 'flag.rule_updated');
    expect(told).toHaveLength(1);
    expect(told[0].context).toMatchObject({
      access_type: 'some',
      configured_targets: { organizations: [{ id: organization.id, name: 'Northwind' }], users: [] },
      previous_attributes: {
        context: { access_type: 'none', configured_targets: { organizations: [], users: [] } },
      },
      actor: { source: 'api' },
    });
  });

  it('exist, and go with what they are', async () => {
    expect((await target('alpha', 'group_1')).status).toBe(400);
    expect((await target('alpha', 'user_none')).status).toBe(404);
    expect((await untarget('alpha', 'org_none')).status).toBe(404);
    expect((await untarget('alpha', 'x')).status).toBe(400);
    expect((await target('none', ada.id)).status).toBe(404);
    await target('alpha', bob.id);
    await client.delete(`/user_management/users/${bob.id}`);
    expect((await client.get(`/user_management/users/${bob.id}/feature-flags`)).status).toBe(404);
    expect((await client.get('/organizations/org_none/feature-flags')).status).toBe(404);
  });
});

describe('the feature_flags claim', () => {
  it('names what is on for the user or for the organization they are signed in to', async () => {
    await target('alpha', organization.id);
    await target('beta', ada.id);
    expect(claim(ada, organization.id)).toEqual(['alpha', 'beta']);
    expect(claim(ada, null)).toEqual(['beta']);
    expect(claim(bob, organization.id)).toEqual(['alpha']);
    await client.put(`${path}/beta/disable`);
    expect(claim(ada, null)).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileClient } from '../../testing/file-client.ts';
import type { Json } from '../../testing/local-client.ts';
import { northwind } from '../../testing/northwind.ts';
import { addDirectoryGroup, changeDirectoryGroup, setMembers } from '../directory-groups/directory-group.ts';
import {
  addDirectoryUser,
  changeDirectoryUser,
  type ProvidedUser,
} from '../directory-users/directory-user.ts';
import { directoryUserIn } from '../directory-users/directory-users.table.ts';
import type { DirectoryRow } from './directories.table.ts';
import { createDirectory } from './directory.ts';

let client: FileClient;
let organization: Json;
let directory: DirectoryRow;
beforeEach(async () => {
  client = FileClient.open();
  organization = await northwind(client);
  directory = make();
});
afterEach(() => client.close());

const make = (more: { name?: string; keepsInactiveUsers?: boolean } = {}) =>
  client.act(
    (context) =>
      createDirectory(context, { organizationId: organization.id, type: 'okta scim v2.0', ...more }).row,
  );
const person = (idpId: string, more: Partial<ProvidedUser> = {}): ProvidedUser => ({
  idpId,
  username: idpId,
  email: `${idpId}@northwind.example`,
  active: true,
  firstName: 'Ada',
  lastName: 'Ford',
  name: 'Ada Ford',
  raw: { userName: idpId },
  custom: { job_title: 'Engineer' },
  ...more,
});
const add = (provided: ProvidedUser, to = directory) =>
  client.act((context) => addDirectoryUser(context, to, provided));
const change = (idpId: string, more: Partial<ProvidedUser>, to = directory) =>
  client.act((context) => {
    const row = directoryUserIn(context, to.id, { idpId });
    if (row === null) throw new Error(`There is no ${idpId}.`);
    return changeDirectoryUser(context, to, row, person(idpId, more));
  });
const group = (name: string, members: string[]) =>
  client.act((context) => {
    const row = addDirectoryGroup(context, directory, { idpId: name, name, raw: { displayName: name } });
    const rows = members.map((idpId) => directoryUserIn(context, directory.id, { idpId }));
    setMembers(
      context,
      row,
      rows.filter((each) => each !== null),
    );
    return row;
  });
const told = async () =>
  (await client.events())
    .filter(
      ({ event, data }) => event.startsWith('dsync.') && (data.directory_id ?? data.id) === directory.id,
    )
    .map(({ event, data }) => ({ event, data }));
const names = async () => (await told()).map(({ event }) => event);
const list = async (path: string) => (await client.get(path)).body.data;

describe('directories', () => {
  it('are read with what is in them, and listed by organization, domain and name', async () => {
    add(person('ada'));
    group('Engineering', ['ada']);
    const { body } = await client.get(`/directories/${directory.id}`);
    expect(body).toMatchObject({
      organization_id: organization.id,
      type: 'okta scim v2.0',
      state: 'linked',
      name: 'Northwind',
      domain: 'northwind.example',
      metadata: { users: { active: 1, inactive: 0 }, groups: 1 },
    });
    const second = make({ name: 'Contractors' });
    const ids = async (query: string) => (await list(`/directories?${query}`)).map(({ id }: Json) => id);
    expect(await ids(`organization_id=${organization.id}`)).toEqual([second.id, directory.id]);
    expect(await ids('domain=northwind.example')).toEqual([second.id, directory.id]);
    expect(await ids(`organization_id=${organization.id}&search=contract`)).toEqual([second.id]);
    expect(await ids('organization_id=org_none')).toEqual([]);
  });

  it('go with all that is in them, told in one event', async () => {
    const { id } = add(person('ada'));
    const engineering = group('Engineering', ['ada']);
    expect((await client.delete(`/directories/${directory.id}`)).status).toBe(202);
    expect((await client.delete(`/directories/${directory.id}`)).status).toBe(202);
    for (const path of [
      `/directories/${directory.id}`,
      `/directory_users/${id}`,
      `/directory_groups/${engineering.id}`,
      `/directory_users?directory=${directory.id}`,
    ]) {
      expect((await client.get(path)).status).toBe(404);
    }
    const events = await told();
    expect(events.map(({ event }) => event)).toEqual([
      'dsync.activated',
      'dsync.user.created',
      'dsync.group.created',
      'dsync.group.user_added',
      'dsync.deleted',
    ]);
    expect(events[0]?.data).toMatchObject({ state: 'active', domains: [{ domain: 'northwind.example' }] });
    expect(events.at(-1)?.data.state).toBe('active');
  });

  it('go with their organization', async () => {
    await client.delete(`/organizations/${organization.id}`);
    expect(await names()).toEqual(['dsync.activated', 'dsync.deleted']);
    expect((await client.get(`/directories/${directory.id}`)).status).toBe(404);
  });
});

describe('directory users', () => {
  it('are served with their groups, by directory and by group', async () => {
    const ada = add(person('ada'));
    const bob = add(person('bob'));
    const engineering = group('Engineering', ['ada']);
    const { body } = await client.get(`/directory_users/${ada.id}`);
    expect(body).toMatchObject({
      idp_id: 'ada',
      email: 'ada@northwind.example',
      first_name: 'Ada',
      job_title: 'Engineer',
      custom_attributes: { job_title: 'Engineer' },
      raw_attributes: { userName: 'ada' },
      state: 'active',
      groups: [{ id: engineering.id, name: 'Engineering' }],
    });
    const ids = async (query: string) => (await list(`/directory_users?${query}`)).map(({ id }: Json) => id);
    expect(await ids(`directory=${directory.id}`)).toEqual([bob.id, ada.id]);
    expect(await ids(`group=${engineering.id}`)).toEqual([ada.id]);
    expect(await list(`/directory_groups?user=${ada.id}`)).toMatchObject([{ id: engineering.id }]);
    expect(await list(`/directory_groups?user=${bob.id}`)).toEqual([]);
    expect((await client.get(`/directory_groups/${engineering.id}`)).body.idp_id).toBe('Engineering');
    for (const path of ['/directory_users', '/directory_groups']) {
      expect((await client.get(path)).status).toBe(422);
      expect((await client.get(`${path}?directory=directory_none`)).status).toBe(404);
    }
    expect((await client.get('/directory_users?group=directory_group_none')).status).toBe(404);
    expect((await client.get('/directory_groups?user=directory_user_none')).status).toBe(404);
  });

  it('tell what was different before', async () => {
    add(person('ada'));
    client.clock.advance(1000);
    change('ada', { lastName: 'Byron', custom: { job_title: 'Countess', department_name: 'Engines' } });
    change('ada', { lastName: 'Byron', custom: { job_title: 'Countess', department_name: 'Engines' } });
    const updates = (await told()).filter(({ event }) => event === 'dsync.user.updated');
    expect(updates.map(({ data }) => data.previous_attributes)).toEqual([
      { last_name: 'Ford', custom_attributes: { job_title: 'Engineer', department_name: null } },
    ]);
  });

  it('are deleted when their provider switches them off, and are new when they come back', async () => {
    const ada = add(person('ada'));
    const engineering = group('Engineering', ['ada']);
    const off = change('ada', { active: false });
    expect((await client.get(`/directory_users/${ada.id}`)).status).toBe(404);
    expect(await list(`/directory_users?group=${engineering.id}`)).toEqual([]);
    expect(off.scim_id).toBe(ada.id);
    client.clock.advance(1000);
    const back = change('ada', { active: true });
    expect(back.id).not.toBe(ada.id);
    expect(back.scim_id).toBe(ada.id);
    expect(await list(`/directory_users?group=${engineering.id}`)).toMatchObject([{ id: back.id }]);
    expect((await names()).slice(3)).toEqual([
      'dsync.group.user_added',
      'dsync.group.user_removed',
      'dsync.user.deleted',
      'dsync.user.created',
      'dsync.group.user_added',
    ]);
  });

  it('stay as inactive ones where the directory keeps them', async () => {
    const keeping = make({ keepsInactiveUsers: true });
    const ada = add(person('ada'), keeping);
    change('ada', { active: false }, keeping);
    expect((await client.get(`/directory_users/${ada.id}`)).body.state).toBe('inactive');
    expect((await client.get(`/directories/${keeping.id}`)).body.metadata.users).toEqual({
      active: 0,
      inactive: 1,
    });
    change('ada', { active: true }, keeping);
    expect((await client.get(`/directory_users/${ada.id}`)).body.state).toBe('active');
  });

  it('cannot be two with one id or one user name', () => {
    add(person('ada'));
    expect(() => add(person('ada', { username: 'other' }))).toThrow('already');
    expect(() => add(person('other', { username: 'ADA' }))).toThrow('already');
    expect(() => group('Engineering', [])).not.toThrow();
    expect(() => group('Engineering', [])).toThrow('already');
  });
});

describe('directory groups', () => {
  it('tell of their name and of who comes and goes', async () => {
    add(person('ada'));
    add(person('bob'));
    const row = group('Engineering', ['ada']);
    client.act((context) => {
      const bob = directoryUserIn(context, directory.id, { idpId: 'bob' });
      const after = changeDirectoryGroup(context, row, { idpId: 'Engineering', name: 'Engines', raw: {} });
      setMembers(context, after, bob === null ? [] : [bob]);
    });
    const events = (await told()).slice(5);
    expect(events.map(({ event }) => event)).toEqual([
      'dsync.group.updated',
      'dsync.group.user_removed',
      'dsync.group.user_added',
    ]);
    expect(events[0]?.data).toMatchObject({ name: 'Engines', previous_attributes: { name: 'Engineering' } });
    expect(events[2]?.data).toMatchObject({ user: { idp_id: 'bob' }, group: { name: 'Engines' } });
    expect(events[2]?.data.user.groups).toBeUndefined();
  });
});

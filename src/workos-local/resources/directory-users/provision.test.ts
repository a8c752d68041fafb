import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localAccount } from '../../index.ts';
import { FileClient } from '../../testing/file-client.ts';
import type { Json } from '../../testing/local-client.ts';
import { northwind } from '../../testing/northwind.ts';
import { quickPassword } from '../../testing/quick-password.ts';
import type { DirectoryRow } from '../directories/directories.table.ts';
import { createDirectory } from '../directories/directory.ts';
import { defaultSettings, saveSettings } from '../sign-in-settings/sign-in-settings.ts';
import {
  addDirectoryUser,
  changeDirectoryUser,
  type ProvidedUser,
  removeDirectoryUser,
} from './directory-user.ts';
import { directoryUserIn } from './directory-users.table.ts';

let client: FileClient;
let organization: Json;
let directory: DirectoryRow;
beforeEach(async () => {
  client = FileClient.open();
  organization = await northwind(client);
  directory = client.act(
    (context) => createDirectory(context, { organizationId: organization.id, type: 'okta scim v2.0' }).row,
  );
  provisioning(true);
});
afterEach(() => client.close());

const provisioning = (isOn: boolean) =>
  client.act((context) =>
    saveSettings(context.database, context.environment.id, {
      ...defaultSettings,
      directory_provisioning: isOn,
    }),
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
const guest = { email: 'grace@partner.example', firstName: 'Grace' };
const add = (provided: ProvidedUser) =>
  client.act((context) => addDirectoryUser(context, directory, provided));
const known = (idpId: string) => client.act((context) => directoryUserIn(context, directory.id, { idpId }));
const change = (idpId: string, more: Partial<ProvidedUser>) =>
  client.act((context) => {
    const row = directoryUserIn(context, directory.id, { idpId });
    if (row === null) throw new Error(`There is no ${idpId}.`);
    return changeDirectoryUser(context, directory, row, person(idpId, more));
  });

const users = async (email: string): Promise<Json[]> =>
  (await client.get(`/user_management/users?email=${encodeURIComponent(email)}`)).body.data;
const memberships = async (): Promise<Json[]> =>
  (
    await client.get(
      `/user_management/organization_memberships?organization_id=${organization.id}&statuses=active,inactive,pending`,
    )
  ).body.data;
const told = async () => (await client.events()).map(({ event }) => event);

describe('whom a directory brings', () => {
  it('is a user and an active member where the organization has verified the domain of their address', async () => {
    add(person('ada'));
    const [user] = await users('ada@northwind.example');
    expect(user).toMatchObject({ email_verified: true, first_name: 'Ada', last_name: 'Ford' });
    expect(await memberships()).toMatchObject([
      {
        user_id: user.id,
        status: 'active',
        directory_managed: true,
        custom_attributes: { job_title: 'Engineer' },
      },
    ]);
    expect((await told()).slice(-4)).toEqual([
      'dsync.user.created',
      'user.created',
      'organization_membership.created',
      'organization_membership.updated',
    ]);
    expect(client.mailTo('ada@northwind.example')).toEqual([]);
  });

  it('is invited when their address is at another domain, and becomes active by accepting', async () => {
    add(person('grace', guest));
    expect(await memberships()).toMatchObject([{ status: 'pending', directory_managed: true }]);
    const [mail] = client.mailTo(guest.email);
    expect(mail?.kind).toBe('invitation');
    const [invitation] = (await client.get(`/user_management/invitations?email=${guest.email}`)).body.data;
    await client.post(`/user_management/invitations/${invitation.id}/accept`);
    expect(await memberships()).toMatchObject([{ status: 'active', directory_managed: true }]);
  });

  it('may be a user or a member already: nobody is there twice', async () => {
    const user = (await client.post('/user_management/users', { email: 'ADA@northwind.example' })).body;
    add(person('ada'));
    expect(await memberships()).toMatchObject([{ user_id: user.id, status: 'active' }]);
    add(person('ada-again', { email: 'ada@northwind.example' }));
    expect(await memberships()).toHaveLength(1);
    expect(known('ada-again')?.organization_membership_id).toBeNull();
  });

  it('needs an address', async () => {
    add(person('nobody', { email: null }));
    expect(await memberships()).toEqual([]);
  });

  it('is nobody’s user while directories make none, and becomes one with the next word of the directory', async () => {
    provisioning(false);
    add(person('ada'));
    expect(await memberships()).toEqual([]);
    provisioning(true);
    change('ada', {});
    expect(await memberships()).toMatchObject([{ status: 'active' }]);
  });
});

describe('what a directory changes', () => {
  it('is the name of a user at its domain and the attributes of the membership, never the address', async () => {
    add(person('ada'));
    change('ada', { firstName: 'Adele', email: 'adele@northwind.example', custom: { job_title: 'CTO' } });
    const [user] = await users('ada@northwind.example');
    expect(user.first_name).toBe('Adele');
    expect(await users('adele@northwind.example')).toEqual([]);
    expect(await memberships()).toMatchObject([
      { user_id: user.id, custom_attributes: { job_title: 'CTO' } },
    ]);
  });

  it('is not the name of a user at another domain', async () => {
    add(person('grace', guest));
    change('grace', { ...guest, firstName: 'Gracia' });
    expect((await users(guest.email))[0].first_name).toBe('Grace');
  });
});

describe('who leaves a directory', () => {
  it('is an inactive member without a session, and active again with their role when they are back', async () => {
    add(person('ada'));
    const [user] = await users('ada@northwind.example');
    await client.put(`/user_management/users/${user.id}`, quickPassword('seven quiet rivers'));
    const [member] = await memberships();
    await client.put(`/user_management/organization_memberships/${member.id}`, { role_slug: 'admin' });
    const signedIn = await client.post(
      '/user_management/authenticate',
      {
        client_id: localAccount.clientId,
        client_secret: localAccount.apiKey,
        grant_type: 'password',
        email: user.email,
        password: 'seven quiet rivers',
      },
      { key: null },
    );
    expect(signedIn.status).toBe(200);
    change('ada', { active: false });
    expect(await memberships()).toMatchObject([{ id: member.id, status: 'inactive' }]);
    expect((await client.get(`/user_management/users/${user.id}/sessions`)).body.data).toEqual([]);
    change('ada', { active: true });
    expect(await memberships()).toMatchObject([
      { id: member.id, status: 'active', role: { slug: 'admin' }, directory_managed: true },
    ]);
  });

  it('for good does the same, and the user stays', async () => {
    add(person('ada'));
    const row = known('ada');
    if (row === null) throw new Error('Ada is in the directory.');
    client.act((context) => removeDirectoryUser(context, row));
    expect(await memberships()).toMatchObject([{ status: 'inactive' }]);
    expect(await users('ada@northwind.example')).toHaveLength(1);
  });

  it('while their invitation waits is no member any more, nor invited', async () => {
    add(person('grace', guest));
    change('grace', { ...guest, active: false });
    expect(await memberships()).toEqual([]);
    const invitations = (await client.get(`/user_management/invitations?email=${guest.email}`)).body.data;
    expect(invitations.map(({ state }: Json) => state)).not.toContain('pending');
  });

  it('by the end of the directory itself stays an active member', async () => {
    add(person('ada'));
    await client.delete(`/directories/${directory.id}`);
    expect(await memberships()).toMatchObject([{ status: 'active' }]);
  });
});

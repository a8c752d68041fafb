import {
  BadRequestException,
  ConflictException,
  NotFoundException,
  type User,
  WorkOS,
} from '@workos-inc/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { localAccount } from './index.ts';
import { type Listening, listen } from './server.ts';
import { FileClient } from './testing/file-client.ts';

let client: FileClient;
let listening: Listening;
let workos: WorkOS;
let userManagement: WorkOS['userManagement'];

beforeAll(async () => {
  client = FileClient.open();
  listening = await listen(client.server, { port: 0 });
  workos = new WorkOS(localAccount.apiKey, {
    apiHostname: '127.0.0.1',
    port: Number(new URL(listening.url).port),
    https: false,
    clientId: localAccount.clientId,
  });
  ({ userManagement } = workos);
});
afterAll(async () => {
  await listening.close();
  client.close();
});

let made = 0;
/** An address that no other test uses: they share one server. */
const address = () => {
  made += 1;
  return `person-${made}@sdk-users.example`;
};
const rejection = (code: string) => ({ rawData: expect.objectContaining({ code }) });

describe('the official SDK, with users', () => {
  it('makes, reads, changes, lists and deletes them', async () => {
    const email = address();
    const user = await userManagement.createUser({
      email,
      password: 'seven quiet rivers',
      firstName: 'Ada',
      lastName: 'Ford',
      emailVerified: false,
      externalId: 'sdk-user-1',
      metadata: { desk: '4' },
    });
    expect(user).toMatchObject({ object: 'user', email, name: 'Ada Ford', metadata: { desk: '4' } });
    expect(await userManagement.getUser(user.id)).toEqual(user);
    expect(await userManagement.getUserByExternalId('sdk-user-1')).toEqual(user);
    expect((await userManagement.listUsers({ email: email.toUpperCase() })).data).toEqual([user]);
    const changed = await userManagement.updateUser({
      userId: user.id,
      name: 'Ada F.',
      locale: 'de-DE',
      emailVerified: true,
      metadata: { desk: null as never, floor: '2' },
    });
    expect(changed).toMatchObject({
      name: 'Ada F.',
      firstName: 'Ada',
      locale: 'de-DE',
      emailVerified: true,
      metadata: { floor: '2' },
    });
    expect(await userManagement.getUserIdentities(user.id)).toEqual([]);
    await userManagement.deleteUser(user.id);
    await expect(userManagement.getUser(user.id)).rejects.toBeInstanceOf(NotFoundException);
  });

  it('pages through them to the end', async () => {
    const emails = Array.from({ length: 13 }, address);
    for (const email of emails) await userManagement.createUser({ email });
    const all = await (await userManagement.listUsers()).autoPagination();
    expect(all.slice(0, 13).map(({ email }) => email)).toEqual(emails.toReversed());
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it('imports a password hash', async () => {
    const passwordHash = `$2b$10$${'a'.repeat(53)}`;
    await userManagement.createUser({ email: address(), passwordHash, passwordHashType: 'bcrypt' });
    await expect(
      userManagement.createUser({ email: address(), passwordHash: 'plain', passwordHashType: 'bcrypt' }),
    ).rejects.toMatchObject({ status: 400, ...rejection('invalid_password_hash') });
  });

  it('verifies an address', async () => {
    const email = address();
    const { id } = await userManagement.createUser({ email });
    expect((await userManagement.sendVerificationEmail({ userId: id })).user.id).toBe(id);
    const { data } = await workos.events.listEvents({ events: ['email_verification.created'] });
    const newest = data.at(-1);
    if (newest?.event !== 'email_verification.created') throw new Error('There is no such event.');
    const { code, userId } = await userManagement.getEmailVerification(newest.data.id);
    expect([userId, code]).toEqual([id, client.mailTo(email).at(-1)?.code]);
    await expect(userManagement.verifyEmail({ userId: id, code: `${code}0` })).rejects.toMatchObject(
      rejection('email_verification_code_incorrect'),
    );
    expect((await userManagement.verifyEmail({ userId: id, code })).user.emailVerified).toBe(true);
  });

  it('gets the errors it knows', async () => {
    const email = address();
    await userManagement.createUser({ email });
    const again = userManagement.createUser({ email });
    await expect(again).rejects.toBeInstanceOf(BadRequestException);
    await expect(again).rejects.toMatchObject({
      code: 'user_creation_error',
      errors: [{ code: 'email_not_available' }],
    });
    const weak = userManagement.createUser({ email: address(), password: 'password12' });
    await expect(weak).rejects.toMatchObject({
      code: 'password_strength_error',
      errors: [{ code: 'password_too_weak' }],
    });
  });
});

describe('the official SDK, with memberships', () => {
  let user: User;
  let organizationId: string;
  beforeEach(async () => {
    user = await userManagement.createUser({ email: address() });
    ({ id: organizationId } = await workos.organizations.createOrganization({ name: 'Memberships' }));
  });

  it('makes, reads, changes, lists and ends them', async () => {
    const membership = await userManagement.createOrganizationMembership({ userId: user.id, organizationId });
    expect(membership).toMatchObject({
      organizationName: 'Memberships',
      status: 'active',
      directoryManaged: false,
      role: { slug: 'member' },
      roles: [{ slug: 'member' }],
      customAttributes: {},
    });
    const { id } = membership;
    expect(await userManagement.getOrganizationMembership(id)).toEqual(membership);
    const changed = await userManagement.updateOrganizationMembership(id, { roleSlugs: ['member', 'admin'] });
    expect(changed).toMatchObject({
      role: { slug: 'admin' },
      roles: [{ slug: 'admin' }, { slug: 'member' }],
    });
    expect((await userManagement.updateOrganizationMembership(id, { roleSlug: 'admin' })).roles).toEqual([
      { slug: 'admin' },
    ]);
    expect((await userManagement.deactivateOrganizationMembership(id)).status).toBe('inactive');
    const listed = async (statuses?: ('active' | 'inactive' | 'pending')[]) =>
      (
        await userManagement.listOrganizationMemberships({
          organizationId,
          userId: user.id,
          ...(statuses === undefined ? {} : { statuses }),
        })
      ).data.length;
    expect([await listed(), await listed(['active', 'inactive'])]).toEqual([0, 1]);
    expect((await userManagement.reactivateOrganizationMembership(id)).status).toBe('active');
    expect((await userManagement.listUsers({ organizationId })).data.map((each) => each.id)).toEqual([
      user.id,
    ]);
    await userManagement.deleteOrganizationMembership(id);
    await expect(userManagement.getOrganizationMembership(id)).rejects.toBeInstanceOf(NotFoundException);
  });

  it('reads the events of what it did', async () => {
    const { id } = await userManagement.createOrganizationMembership({ userId: user.id, organizationId });
    await userManagement.deleteOrganizationMembership(id);
    const { data } = await workos.events.listEvents({
      events: ['organization_membership.created', 'organization_membership.deleted'],
      organizationId,
    });
    expect(data.map(({ event }) => event)).toEqual([
      'organization_membership.created',
      'organization_membership.deleted',
    ]);
    expect(data.at(-1)?.data).toMatchObject({ id, userId: user.id, role: { slug: 'member' } });
  });

  it('gets the errors it knows', async () => {
    await userManagement.createOrganizationMembership({ userId: user.id, organizationId });
    await expect(
      userManagement.createOrganizationMembership({ userId: user.id, organizationId }),
    ).rejects.toBeInstanceOf(ConflictException);
    await expect(
      userManagement.createOrganizationMembership({ userId: user.id, organizationId: 'org_none' }),
    ).rejects.toBeInstanceOf(NotFoundException);
  });
});

describe('the official SDK, with invitations', () => {
  let organizationId: string;
  beforeEach(async () => {
    ({ id: organizationId } = await workos.organizations.createOrganization({ name: 'Invitations' }));
  });

  it('sends, finds, resends, lists and accepts them', async () => {
    const email = address();
    const user = await userManagement.createUser({ email });
    const inviter = await userManagement.createUser({ email: address() });
    const invitation = await userManagement.sendInvitation({
      email,
      organizationId,
      expiresInDays: 3,
      inviterUserId: inviter.id,
      roleSlug: 'admin',
      locale: 'en',
    });
    expect(invitation).toMatchObject({ state: 'pending', roleSlug: 'admin', inviterUserId: inviter.id });
    expect(await userManagement.getInvitation(invitation.id)).toEqual(invitation);
    expect(await userManagement.findInvitationByToken(invitation.token)).toEqual(invitation);
    expect((await userManagement.listInvitations({ organizationId, email })).data).toEqual([invitation]);
    expect((await userManagement.resendInvitation(invitation.id)).token).toBe(invitation.token);
    expect((await userManagement.resendInvitation(invitation.id, { locale: 'de' })).state).toBe('pending');
    expect(client.mailTo(email)).toHaveLength(3);
    expect(await userManagement.acceptInvitation(invitation.id)).toMatchObject({
      state: 'accepted',
      acceptedUserId: user.id,
    });
    const { data } = await userManagement.listOrganizationMemberships({ userId: user.id });
    expect(data).toMatchObject([{ organizationId, status: 'active', role: { slug: 'admin' } }]);
  });

  it('revokes them', async () => {
    const { id } = await userManagement.sendInvitation({ email: address(), organizationId });
    expect((await userManagement.revokeInvitation(id)).state).toBe('revoked');
    await expect(userManagement.acceptInvitation(id)).rejects.toMatchObject({
      status: 400,
      ...rejection('invite_not_pending'),
    });
    await expect(userManagement.resendInvitation(id)).rejects.toMatchObject(rejection('invite_revoked'));
  });
});

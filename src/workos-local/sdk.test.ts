import {
  ConflictException,
  NotFoundException,
  UnauthorizedException,
  UnprocessableEntityException,
  WorkOS,
} from '@workos-inc/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from './index.ts';
import { type Listening, listen } from './server.ts';
import { LocalClient } from './testing/local-client.ts';

let listening: Listening;
let workos: WorkOS;

beforeAll(async () => {
  listening = await listen(new LocalClient().server, { port: 0 });
  workos = client(localAccount.apiKey);
});
afterAll(async () => {
  await listening.close();
});

function client(key: string): WorkOS {
  return new WorkOS(key, {
    apiHostname: '127.0.0.1',
    port: Number(new URL(listening.url).port),
    https: false,
    clientId: localAccount.clientId,
  });
}

describe('the official SDK', () => {
  it('makes, reads, changes and deletes an organization', async () => {
    const { organizations } = workos;
    const made = await organizations.createOrganization({
      name: 'Northwind',
      externalId: 'sdk-1',
      domainData: [{ domain: 'sdk.example', state: 'pending' as never }],
      metadata: { tier: 'gold', seats: '5' },
    });
    expect(await organizations.getOrganization(made.id)).toEqual(made);
    expect(await organizations.getOrganizationByExternalId('sdk-1')).toEqual(made);
    const changed = await organizations.updateOrganization({
      organization: made.id,
      name: 'Southwind',
      metadata: { tier: null as never },
    });
    expect(changed).toMatchObject({ name: 'Southwind', metadata: { seats: '5' } });
    await organizations.deleteOrganization(made.id);
    await expect(organizations.getOrganization(made.id)).rejects.toBeInstanceOf(NotFoundException);
  });

  it('pages through organizations to the end', async () => {
    for (let number = 0; number < 15; number += 1) {
      await workos.organizations.createOrganization({ name: `Paged ${number}` });
    }
    const first = await workos.organizations.listOrganizations();
    const all = await first.autoPagination();
    expect(all.filter(({ name }) => name.startsWith('Paged')).map(({ name }) => name)).toEqual(
      Array.from({ length: 15 }, (_, number) => `Paged ${14 - number}`),
    );
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it('adds, verifies and removes a domain', async () => {
    const { id } = await workos.organizations.createOrganization({ name: 'Domains' });
    const domain = await workos.organizationDomains.createOrganizationDomain({
      organizationId: id,
      domain: 'domains.example',
    });
    expect(await workos.organizationDomains.getOrganizationDomain(domain.id)).toEqual(domain);
    expect((await workos.organizationDomains.verifyOrganizationDomain(domain.id)).state).toBe('pending');
    await workos.organizationDomains.deleteOrganizationDomain(domain.id);
    await expect(workos.organizationDomains.getOrganizationDomain(domain.id)).rejects.toBeInstanceOf(
      NotFoundException,
    );
  });

  it('makes, checks and deletes API keys', async () => {
    const { id } = await workos.organizations.createOrganization({ name: 'Keys' });
    const key = await workos.apiKeys.createOrganizationApiKey({
      organizationId: id,
      name: 'CI',
      permissions: ['posts:read'],
    });
    const { apiKey } = await workos.apiKeys.createValidation({ value: key.value });
    expect(apiKey).toMatchObject({
      id: key.id,
      permissions: ['posts:read'],
      owner: { type: 'organization', id },
    });
    expect((await workos.apiKeys.listOrganizationApiKeys({ organizationId: id })).data).toHaveLength(1);
    await workos.apiKeys.deleteApiKey(key.id);
    expect((await workos.apiKeys.createValidation({ value: key.value })).apiKey).toBeNull();
    expect((await workos.apiKeys.createValidation({ value: localAccount.apiKey })).apiKey).not.toBeNull();
  });

  it('makes a user, adds them to an organization, and takes them out again', async () => {
    const { userManagement, organizations } = workos;
    const organization = await organizations.createOrganization({ name: 'Members' });
    const made = await userManagement.createUser({
      email: 'sdk@members.example',
      firstName: 'Ada',
      externalId: 'sdk-user',
      metadata: { desk: '1' },
    });
    expect(await userManagement.getUser(made.id)).toEqual(made);
    expect(await userManagement.getUserByExternalId('sdk-user')).toEqual(made);
    const changed = await userManagement.updateUser({ userId: made.id, lastName: 'Byron' });
    expect(changed).toMatchObject({ firstName: 'Ada', lastName: 'Byron' });
    const membership = await userManagement.createOrganizationMembership({
      userId: made.id,
      organizationId: organization.id,
      roleSlug: 'admin',
    });
    expect(membership).toMatchObject({
      status: 'active',
      role: { slug: 'admin' },
      organizationName: 'Members',
    });
    const { data: members } = await userManagement.listUsers({ organizationId: organization.id });
    expect(members.map(({ id }) => id)).toEqual([made.id]);
    expect((await userManagement.deactivateOrganizationMembership(membership.id)).status).toBe('inactive');
    expect((await userManagement.reactivateOrganizationMembership(membership.id)).status).toBe('active');
    await userManagement.deleteUser(made.id);
    await expect(userManagement.getOrganizationMembership(membership.id)).rejects.toBeInstanceOf(
      NotFoundException,
    );
  });

  it('invites somebody, finds the invitation by its token, and accepts or revokes it', async () => {
    const { userManagement, organizations } = workos;
    const { id: organizationId } = await organizations.createOrganization({ name: 'Invited' });
    const email = 'guest@invited.example';
    const invitation = await userManagement.sendInvitation({ email, organizationId, expiresInDays: 3 });
    expect(await userManagement.findInvitationByToken(invitation.token)).toEqual(invitation);
    const user = await userManagement.createUser({ email });
    expect((await userManagement.acceptInvitation(invitation.id)).acceptedUserId).toBe(user.id);
    const { data } = await userManagement.listOrganizationMemberships({ organizationId });
    expect(data).toMatchObject([{ userId: user.id, status: 'active' }]);
    const second = await userManagement.sendInvitation({ email: 'late@invited.example', organizationId });
    expect((await userManagement.revokeInvitation(second.id)).state).toBe('revoked');
    const { data: listed } = await userManagement.listInvitations({ organizationId });
    expect(listed.map(({ state }) => state)).toEqual(['revoked', 'accepted']);
  });

  it('reads the events of what it did', async () => {
    const { id } = await workos.organizations.createOrganization({ name: 'Eventful' });
    await workos.organizations.deleteOrganization(id);
    const { data } = await workos.events.listEvents({
      events: ['organization.created', 'organization.deleted'],
      organizationId: id,
    });
    expect(data.map(({ event }) => event)).toEqual(['organization.created', 'organization.deleted']);
    const rest = await workos.events.listEvents({
      events: ['organization.deleted'],
      after: data[0]?.id ?? '',
    });
    expect(rest.data.at(-1)?.data).toMatchObject({ id, name: 'Eventful' });
  });

  it('gets the errors it knows, with the request’s id', async () => {
    await expect(client('sk_test_wrong').organizations.listOrganizations()).rejects.toBeInstanceOf(
      UnauthorizedException,
    );
    await workos.organizations.createOrganization({ name: 'One', externalId: 'taken' });
    const taken = workos.organizations.createOrganization({ name: 'Two', externalId: 'taken' });
    await expect(taken).rejects.toMatchObject({
      status: 400,
      rawData: { code: 'external_id_already_used' },
      requestID: expect.stringMatching(/^req_/),
    });
    await expect(workos.organizations.createOrganization({ name: 7 as never })).rejects.toBeInstanceOf(
      UnprocessableEntityException,
    );
    const { id } = await workos.organizations.createOrganization({
      name: 'Three',
      domainData: [{ domain: 'three.example', state: 'verified' as never }],
    });
    await expect(
      workos.organizationDomains.createOrganizationDomain({ organizationId: id, domain: 'three.example' }),
    ).rejects.toBeInstanceOf(ConflictException);
  });
});

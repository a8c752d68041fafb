import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Database } from '../../../sqlite/index.ts';
import { type Json, LocalClient } from '../../testing/local-client.ts';
import { isVerified, verify } from './organization-domain.machine.ts';

let client: LocalClient;
let organization: Json;
beforeEach(async () => {
  client = new LocalClient();
  organization = (await client.post('/organizations', { name: 'Northwind' })).body;
});

const create = (domain: string) =>
  client.post('/organization_domains', { domain, organization_id: organization.id });

describe('an organization domain', () => {
  it('waits for its token, and belongs to its organization', async () => {
    const { status, body } = await create('Northwind.Example');
    expect(status).toBe(201);
    expect(body).toMatchObject({
      domain: 'northwind.example',
      state: 'pending',
      verification_strategy: 'dns',
    });
    expect(body.verification_token).toHaveLength(25);
    expect((await client.get(`/organization_domains/${body.id}`)).body).toEqual(body);
    expect((await client.get(`/organizations/${organization.id}`)).body.domains).toEqual([body]);
  });

  it('is there once for an organization, though other organizations may have it', async () => {
    await create('shared.example');
    expect(await create('SHARED.example')).toMatchObject({
      status: 409,
      body: { code: 'domain_already_exists' },
    });
    const other = (await client.post('/organizations', { name: 'Other' })).body;
    const again = await client.post('/organization_domains', {
      domain: 'shared.example',
      organization_id: other.id,
    });
    expect(again.status).toBe(201);
  });

  it('stays pending when verification finds no record', async () => {
    const { body } = await create('northwind.example');
    client.clock.advance(1000);
    const reply = await client.post(`/organization_domains/${body.id}/verify`);
    expect(reply).toMatchObject({ status: 201, body });
  });

  it('is verified once the DNS has its token', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kosmo-dns-'));
    try {
      const database = join(folder, 'workos.db');
      client = new LocalClient({ database });
      organization = (await client.post('/organizations', { name: 'Northwind' })).body;
      const { body } = await create('northwind.example');
      const dns = Database.open(database);
      dns.run('INSERT INTO dns_records (environment_id, name, text) SELECT id, ?, ? FROM environments', [
        `${body.verification_prefix}.northwind.example`,
        body.verification_token,
      ]);
      dns.close();
      client.clock.advance(1000);
      const verified = (await client.post(`/organization_domains/${body.id}/verify`)).body;
      expect(verified).toEqual({ ...body, state: 'verified', updated_at: verified.updated_at });
      expect(verified.updated_at > body.updated_at).toBe(true);
      expect((await client.events()).at(-1)).toMatchObject({
        event: 'organization_domain.verified',
        data: verified,
      });
      expect((await client.post(`/organization_domains/${body.id}/verify`)).status).toBe(400);
      client.server.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('has failed when its token did not appear within thirty days, and can be tried again', async () => {
    const { body } = await create('northwind.example');
    const path = `/organization_domains/${body.id}`;
    client.clock.advance(30 * 24 * 60 * 60 * 1000);
    expect((await client.get(path)).body.state).toBe('pending');
    client.clock.advance(1);
    expect((await client.get(path)).body).toEqual({ ...body, state: 'failed' });
    const again = (await client.post(`${path}/verify`)).body;
    expect(again.state).toBe('pending');
    expect((await client.get(path)).body).toEqual(again);
    const [failed, updated] = (await client.events()).slice(-2);
    expect(failed).toMatchObject({
      event: 'organization_domain.verification_failed',
      data: { reason: 'domain_verification_period_expired', organization_domain: { state: 'failed' } },
    });
    expect(updated).toMatchObject({ event: 'organization_domain.updated', data: again });
  });

  it('that somebody vouched for cannot be verified again', async () => {
    const { body } = await client.put(`/organizations/${organization.id}`, {
      domain_data: [{ domain: 'northwind.example', state: 'verified' }],
    });
    const reply = await client.post(`/organization_domains/${body.domains[0].id}/verify`);
    expect(reply).toMatchObject({ status: 400, body: { code: 'domain_already_verified' } });
  });

  it('can be deleted', async () => {
    const { body } = await create('northwind.example');
    expect((await client.delete(`/organization_domains/${body.id}`)).status).toBe(204);
    expect((await client.get(`/organization_domains/${body.id}`)).status).toBe(404);
    expect((await client.get(`/organizations/${organization.id}`)).body.domains).toEqual([]);
    expect((await client.events()).at(-1)).toMatchObject({
      event: 'organization_domain.deleted',
      data: body,
    });
  });

  it('needs an organization', async () => {
    const reply = await client.post('/organization_domains', {
      domain: 'a.example',
      organization_id: 'org_none',
    });
    expect(reply.status).toBe(404);
  });
});

describe('the states of a domain', () => {
  it.each(['pending', 'failed', 'unverified'] as const)('from %s follow what the DNS says', (state) => {
    expect(verify(state, 'record_found')).toEqual({ next: 'verified', emit: 'organization_domain.verified' });
    expect(verify(state, 'record_missing').next).toBe('pending');
    expect(isVerified(state)).toBe(false);
  });
});

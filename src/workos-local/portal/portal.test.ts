import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { minute } from '../kit/clock.ts';
import { createConnection } from '../resources/connections/connection.ts';
import { selfSignedCertificate } from '../resources/signing-keys/certificate.ts';
import { FileClient } from '../testing/file-client.ts';
import type { Json } from '../testing/local-client.ts';
import { PageClient, type Visited } from '../testing/page-client.ts';

let client: FileClient;
let visitor: PageClient;
let organization: Json;
beforeEach(async () => {
  client = FileClient.open();
  visitor = new PageClient(client.server);
  organization = (await client.post('/organizations', { name: 'North & Wind' })).body;
});
afterEach(() => client.close());

const urls = { return_url: 'https://app.example/settings', success_url: 'https://app.example/done' };
async function link(more: object = {}): Promise<string> {
  const { status, body } = await client.post('/portal/generate_link', {
    organization: organization.id,
    ...urls,
    ...more,
  });
  expect(status).toBe(201);
  return body.link;
}
const open = async (more: object): Promise<Visited> => visitor.get(await link(more));
const verifyDomain = () =>
  client.put(`/organizations/${organization.id}`, {
    domain_data: [{ domain: 'northwind.example', state: 'verified' }],
  });
const connections = async (): Promise<Json[]> =>
  (await client.get(`/connections?organization_id=${organization.id}`)).body.data;

describe('a link to the Admin Portal', () => {
  it('opens once, within five minutes, and then is a session of an hour', async () => {
    const first = await link({ intent: 'sso' });
    const page = await visitor.get(first);
    expect([page.status, page.url.pathname, page.url.search]).toEqual([200, '/_portal/sso', '']);
    expect((await new PageClient(client.server).get(first)).status).toBe(410);
    const second = await link({ intent: 'sso' });
    client.clock.advance(5 * minute);
    expect((await new PageClient(client.server).get(second)).status).toBe(410);
    expect((await visitor.get('/_portal')).status).toBe(200);
    client.clock.advance(56 * minute);
    expect((await visitor.get('/_portal')).$('h1').text()).toBe('This link has expired');
    for (const forged of ['/_portal', '/_portal?token=x', '/_portal/sso']) {
      expect((await new PageClient(client.server).get(forged)).status).toBe(410);
    }
  });

  it('opens what it is for and nothing else', async () => {
    const page = await open({ intent: 'dsync' });
    expect(page.$('nav').text()).toContain('North & Wind');
    expect(page.$('nav a').text()).toBe('Directory syncBack to the application');
    expect((await visitor.get('/_portal/sso')).status).toBe(403);
    const everything = await open({});
    expect(everything.$('nav a').length).toBe(5);
    for (const intent of ['log_streams', 'bring_your_own_key']) {
      expect((await open({ intent })).$('main').text()).toContain('The local server');
    }
  });

  it('is for an organization of the environment, and leads to web addresses', async () => {
    const generate = (body: object, key?: string) =>
      client.post('/portal/generate_link', body, key === undefined ? {} : { key });
    expect((await generate({ organization: 'org_none' })).status).toBe(404);
    expect((await generate({ organization: organization.id }, 'sk_test_portal_other')).status).toBe(404);
    for (const more of [
      { return_url: 'javascript:alert(1)' },
      { success_url: '/done' },
      { intent: 'nothing' },
      { it_contact_emails: ['nobody'] },
      { it_contact_emails: Array.from({ length: 21 }, () => 'a@b.example') },
      { intent_options: { domain_verification: { domain_name: 'gmail.com' } } },
    ]) {
      expect((await generate({ organization: organization.id, ...more })).status).toBe(422);
    }
  });
});

describe('the Admin Portal', () => {
  it('sets up a connection, which needs a verified domain to be active', async () => {
    const made = await visitor.submit(await open({ intent: 'sso' }), { fields: { type: 'KeycloakSAML' } });
    expect(made.$('.badge').first().text()).toBe('draft');
    const refused = await visitor.submit(made, { button: 'Activate' });
    expect(refused.$('.notice.failed').text()).toContain('Verify a domain first');
    await verifyDomain();
    const active = await visitor.submit(refused, { button: 'Activate' });
    expect(active.$('.badge').first().text()).toBe('active');
    expect(active.$('a.button').attr('href')).toBe(urls.success_url);
    expect(await connections()).toMatchObject([{ connection_type: 'KeycloakSAML', state: 'active' }]);
    const off = await visitor.submit(active, { button: 'Deactivate' });
    const gone = await visitor.submit(off, { button: 'Delete' });
    expect(await connections()).toEqual([]);
    expect(gone.$('select[name=type]').length).toBe(1);
    const events = (await client.events())
      .map(({ event }) => event)
      .filter((name) => name.startsWith('connection.'));
    expect(events.slice(-3)).toEqual([
      'connection.activated',
      'connection.deactivated',
      'connection.deleted',
    ]);
  });

  it('offers the one provider a link is for', async () => {
    const page = await open({ intent: 'sso', intent_options: { sso: { provider_type: 'GoogleSAML' } } });
    expect(page.$('option').length).toBe(1);
    const other = await visitor.submit(page, { fields: { type: 'OktaSAML' } });
    expect(other.$('.notice.failed').text()).toBe('Choose a provider.');
  });

  it('sets up a directory, whose token it shows once', async () => {
    const made = await visitor.submit(await open({ intent: 'dsync' }), { fields: { name: 'People' } });
    const endpoint = made.$('.scim-url').text();
    const token = made.$('.scim-token').text();
    const add = (bearer: string) =>
      client.server.handle({
        method: 'POST',
        path: new URL(`${endpoint}/Users`).pathname,
        headers: { authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ userName: 'ada@northwind.example' }),
      });
    expect((await add(token)).status).toBe(201);
    const again = await visitor.get('/_portal/dsync');
    expect([again.$('.scim-token').length, again.$('dl').text()]).toEqual([
      0,
      expect.stringContaining('1 people'),
    ]);
    const renewed = await visitor.submit(again, { button: 'New bearer token' });
    expect((await add(token)).status).toBe(401);
    expect((await add(renewed.$('.scim-token').text())).status).toBe(409);
    await visitor.submit(renewed, { button: 'Delete' });
    expect((await client.get(`/directories?organization_id=${organization.id}`)).body.data).toEqual([]);
  });

  it('verifies a domain by its record in the local DNS', async () => {
    const page = await open({
      intent: 'domain_verification',
      intent_options: { domain_verification: { domain_name: 'Northwind.example' } },
    });
    const missing = await visitor.submit(page, { button: 'Look for the record' });
    expect(missing.$('.notice.failed').text()).toContain('not in the DNS yet');
    client.act((context) =>
      context.database.run('INSERT INTO dns_records (environment_id, name, text) VALUES (?, ?, ?)', [
        context.environment.id,
        page.$('.record-name').text(),
        page.$('.record-value').text(),
      ]),
    );
    const found = await visitor.submit(missing, { button: 'Look for the record' });
    expect(found.$('.badge').text()).toBe('verified');
    const { domains } = (await client.get(`/organizations/${organization.id}`)).body;
    expect(domains).toMatchObject([{ domain: 'northwind.example', state: 'verified' }]);
  });

  it('adds and removes domains', async () => {
    const page = await open({ intent: 'domain_verification' });
    const add = (from: Visited, domain: string) =>
      visitor.submit(from, { form: 'form.add', fields: { domain }, button: 'Add' });
    const bad = await add(page, 'gmail.com');
    expect([bad.status, bad.$('.problem').text()]).toEqual([
      422,
      expect.stringContaining('cannot be your domain'),
    ]);
    const added = await add(bad, 'wind.example');
    expect((await add(added, 'WIND.example')).$('.problem').text()).toContain('already');
    const removed = await visitor.submit(added, { button: 'Remove' });
    expect(removed.$('section').length).toBe(0);
  });

  it('shows the audit log, and escapes what is in it', async () => {
    const action = 'document.read';
    await client.post(`/audit_logs/actions/${action}/schemas`, { targets: [{ type: 'document' }] });
    const event = {
      action,
      occurred_at: '2026-06-01T11:00:00.000Z',
      actor: { id: 'u1', type: 'user', name: '<b>Ada</b>' },
      targets: [{ id: 'd1', type: 'document', name: 'Plan' }],
      context: { location: '127.0.0.1' },
    };
    expect(
      (await client.post('/audit_logs/events', { organization_id: organization.id, event })).status,
    ).toBe(200);
    const page = await open({ intent: 'audit_logs' });
    expect(page.$('tbody tr').text()).toContain('<b>Ada</b>');
    expect(page.$('tbody b').length).toBe(0);
    expect((await visitor.get('/_portal/audit_logs?action=other')).$('.empty').length).toBe(1);
  });

  it('takes the next certificate of a SAML connection', async () => {
    const { id } = client.act((context) =>
      createConnection(context, { organizationId: organization.id, type: 'GenericSAML' }),
    );
    const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const der = selfSignedCertificate(key, 'idp.example', client.clock.now());
    const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----`;
    const page = await open({ intent: 'certificate_renewal' });
    const bad = await visitor.submit(page, { fields: { certificate: 'nonsense' } });
    expect(bad.$('.notice.failed').text()).toContain('no X.509 certificate');
    const good = await visitor.submit(bad, { fields: { certificate: pem } });
    expect(good.$('dd').text()).toContain('CN=idp.example');
    expect((await client.get(`/connections/${id}`)).body.options.signing_cert).toContain('BEGIN CERTIFICATE');
    const renewed = (await client.events()).at(-1);
    expect(renewed).toMatchObject({
      event: 'connection.saml_certificate_renewed',
      data: { connection: { id }, certificate: { certificate_type: 'ResponseSigning' } },
    });
  });

  it('touches nothing of another organization', async () => {
    const [seeded] = (await client.get('/connections?domain=harborlight.example')).body.data;
    client.act((context) =>
      createConnection(context, { organizationId: organization.id, type: 'GenericSAML' }),
    );
    const page = await open({ intent: 'sso' });
    const refused = await visitor.submit(page, { fields: { connection: seeded.id }, button: 'Delete' });
    expect(refused.$('.notice.failed').text()).toContain('not there');
    expect((await client.get(`/connections/${seeded.id}`)).status).toBe(200);
  });
});

describe('a widget token', () => {
  const token = (body: object) => client.post('/widgets/token', body);
  const harborlight = async (): Promise<string> =>
    (await client.get('/connections?domain=harborlight.example')).body.data[0].organization_id;

  it('opens the pages its scopes allow', async () => {
    const organization_id = await harborlight();
    const scopes = ['widgets:users-table:manage', 'widgets:api-keys:manage'];
    const { status, body } = await token({ organization_id, user_id: 'user_123', scopes });
    expect(status).toBe(201);
    const people = await visitor.get(`/_widgets?token=${body.token}`);
    expect(people.$('tbody').text()).toContain('mara@harborlight.example');
    const invited = await visitor.submit(people, { fields: { email: 'new@harborlight.example' } });
    expect(invited.$('.notice.done').text()).toBe('new@harborlight.example is invited.');
    const keys = await visitor.get('/_portal/api_keys');
    const made = await visitor.submit(keys, { form: 'form.create', fields: { name: 'CI' } });
    const value = made.$('.api-key').text();
    expect((await client.post('/api_keys/validations', { value })).body.api_key.name).toBe('CI');
    expect((await visitor.get('/_portal/sso')).status).toBe(403);
    client.clock.advance(60 * minute);
    expect((await visitor.get(`/_widgets?token=${body.token}`)).status).toBe(401);
  });

  it('holds no more than the user may do', async () => {
    const organization_id = await harborlight();
    const { data } = (await client.get('/user_management/users?email=tomas@harborlight.example')).body;
    const member = { organization_id, user_id: data[0].id };
    expect((await token(member)).body.code).toBe('missing_permissions');
    expect((await token({ ...member, organization_id: organization.id })).body.code).toBe('not_a_member');
    expect((await token({ organization_id, user_id: 'user_none' })).status).toBe(404);
    expect((await token({ organization_id: 'org_none' })).status).toBe(404);
    expect((await token({ organization_id, scopes: ['widgets:everything:manage'] })).status).toBe(422);
    expect((await token({ organization_id })).status).toBe(201);
  });

  it('is signed: a forged one, and one for something else, open nothing', async () => {
    const { body } = await token({ organization_id: await harborlight() });
    const [head, claims, signature = ''] = body.token.split('.');
    const forged = [
      `${head}.${claims}.${signature.replace(/^./, (first: string) => (first === 'A' ? 'B' : 'A'))}`,
      'x',
      '',
    ];
    for (const each of forged) expect((await visitor.get(`/_widgets?token=${each}`)).status).toBe(401);
  });
});

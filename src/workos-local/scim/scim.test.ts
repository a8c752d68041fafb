import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDirectory, type NewDirectory, renewBearerToken } from '../resources/directories/directory.ts';
import { type Listening, listen } from '../server.ts';
import { FileClient } from '../testing/file-client.ts';
import type { Json } from '../testing/local-client.ts';
import { Chance, nearValue } from '../testing/odd-values.ts';
import { scimPath } from './scim-path.ts';

const core = 'urn:ietf:params:scim:schemas:core:2.0';
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

interface Endpoint {
  readonly directoryId: string;
  readonly token: string;
}

let client: FileClient;
let listening: Listening;
let organizationId: string;
let endpoint: Endpoint;
beforeAll(async () => {
  client = FileClient.open();
  listening = await listen(client.server, { port: 0 });
  organizationId = (await client.post('/organizations', { name: 'Provisioned' })).body.id;
});
afterAll(async () => {
  await listening.close();
  client.close();
});
beforeEach(() => {
  endpoint = open();
});

function open(more: Partial<NewDirectory> = {}): Endpoint {
  const { row, bearerToken } = client.act((context) =>
    createDirectory(context, { organizationId, type: 'generic scim v2.0', ...more }),
  );
  return { directoryId: row.id, token: bearerToken };
}

interface Asked {
  readonly to?: Endpoint;
  readonly text?: string;
  readonly headers?: Record<string, string>;
}

async function scim(method: string, path: string, body?: unknown, asked: Asked = {}) {
  const { to = endpoint, text, headers = {} } = asked;
  const answer = await fetch(`${listening.url}${scimPath}/${to.directoryId}${path}`, {
    method,
    headers: { authorization: `Bearer ${to.token}`, 'content-type': 'application/scim+json', ...headers },
    ...(text === undefined && body === undefined ? {} : { body: text ?? JSON.stringify(body) }),
  });
  const received = await answer.text();
  if (answer.status >= 500) throw new Error(`A server error: ${method} ${path} ${received}`);
  return {
    status: answer.status,
    body: (received === '' ? null : JSON.parse(received)) as Json,
    headers: answer.headers,
  };
}

const ada = {
  schemas: [`${core}:User`, enterprise],
  externalId: 'okta-1',
  userName: 'ada@northwind.example',
  name: { givenName: 'Ada', familyName: 'Ford' },
  title: 'Engineer',
  active: true,
  password: 'never kept',
  emails: [{ value: 'ada@northwind.example', type: 'work', primary: true }],
  addresses: [{ type: 'work', locality: 'Lund', country: 'SE' }],
  [enterprise]: { department: 'Engines', employeeNumber: '7' },
};
const addUser = async (more: object = {}): Promise<Json> => {
  const { status, body } = await scim('POST', '/Users', { ...ada, ...more });
  expect(status).toBe(201);
  return body;
};
const addGroup = async (displayName: string, members: Json[] = []): Promise<Json> =>
  (
    await scim('POST', '/Groups', {
      schemas: [`${core}:Group`],
      displayName,
      members: members.map(({ id }) => ({ value: id })),
    })
  ).body;
const patch = (path: string, operations: object[], asked?: Asked) =>
  scim('PATCH', path, { schemas: [patchOp], Operations: operations }, asked);
const directoryUsers = async (): Promise<Json[]> =>
  (await client.get(`/directory_users?directory=${endpoint.directoryId}`)).body.data;
const told = async (): Promise<string[]> =>
  (await client.events())
    .filter(({ data }) => data.directory_id === endpoint.directoryId)
    .map(({ event }) => event);

describe('the SCIM endpoint of a directory', () => {
  it('makes a directory user of a SCIM user, and forgets the password', async () => {
    const answer = await scim('POST', '/Users', ada);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toContain('application/scim+json');
    const { id, meta } = answer.body;
    expect(answer.headers.get('location')).toBe(meta.location);
    expect(meta.location).toBe(`${listening.url}${scimPath}/${endpoint.directoryId}/Users/${id}`);
    expect(answer.headers.get('etag')).toBe(meta.version);
    const [user] = await directoryUsers();
    expect(user).toMatchObject({
      id,
      idp_id: 'okta-1',
      email: 'ada@northwind.example',
      first_name: 'Ada',
      last_name: 'Ford',
      name: 'Ada Ford',
      state: 'active',
      custom_attributes: {
        job_title: 'Engineer',
        department_name: 'Engines',
        employee_number: '7',
        addresses: [{ locality: 'Lund', country: 'SE', type: 'work', primary: false }],
      },
    });
    expect(JSON.stringify([user, answer.body])).not.toContain('never kept');
    expect((await scim('GET', `/Users/${id}`)).body).toEqual(answer.body);
    expect(await told()).toEqual(['dsync.user.created']);
  });

  it('replaces, patches and deletes them', async () => {
    const { id } = await addUser();
    const replaced = await scim('PUT', `/Users/${id}`, { ...ada, title: 'Countess' });
    expect([replaced.status, replaced.body.title]).toEqual([200, 'Countess']);
    const patched = await patch(`/Users/${id}`, [
      { op: 'replace', path: 'name.familyName', value: 'Byron' },
      { op: 'remove', path: 'title' },
      { op: 'add', path: `${enterprise}:department`, value: 'Analysis' },
    ]);
    expect(patched.status).toBe(200);
    expect(patched.body).toMatchObject({ name: { givenName: 'Ada', familyName: 'Byron' } });
    const [user] = await directoryUsers();
    expect(user).toMatchObject({
      last_name: 'Byron',
      job_title: null,
      custom_attributes: { department_name: 'Analysis' },
    });
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204);
    expect((await scim('GET', `/Users/${id}`)).status).toBe(404);
    expect(await told()).toEqual([
      'dsync.user.created',
      'dsync.user.updated',
      'dsync.user.updated',
      'dsync.user.deleted',
    ]);
  });

  it('understands what Entra ID and Okta send', async () => {
    const { id } = await addUser({ emails: [] });
    const set = await patch(`/Users/${id}`, [
      { op: 'Add', path: 'emails[type eq "work"].value', value: 'ada@analysis.example' },
      { op: 'Add', path: 'emails[type eq "work"].primary', value: 'True' },
      { op: 'Replace', path: 'displayName', value: 'Ada B.' },
    ]);
    expect(set.body.emails).toEqual([{ type: 'work', value: 'ada@analysis.example', primary: true }]);
    expect((await directoryUsers())[0]).toMatchObject({ email: 'ada@analysis.example', name: 'Ada B.' });
    const changed = await patch(`/Users/${id}`, [
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'ada@byron.example' },
    ]);
    expect(changed.body.emails).toMatchObject([{ value: 'ada@byron.example' }]);
    // Okta names no path, Entra ID writes booleans as text.
    expect((await patch(`/Users/${id}`, [{ op: 'replace', value: { active: false } }])).body.active).toBe(
      false,
    );
    expect(await directoryUsers()).toEqual([]);
    const back = await patch(`/Users/${id}`, [{ op: 'Replace', path: 'active', value: 'True' }]);
    expect([back.body.active, back.body.id]).toEqual([true, id]);
    const [user] = await directoryUsers();
    expect([user.idp_id, user.id === id]).toEqual(['okta-1', false]);
  });

  it('keeps groups and their members', async () => {
    const first = await addUser();
    const second = await addUser({ externalId: 'okta-2', userName: 'bob' });
    const group = await addGroup('Engineering', [first]);
    expect(group.members).toMatchObject([{ value: first.id, display: 'Ada Ford' }]);
    await patch(`/Groups/${group.id}`, [{ op: 'add', path: 'members', value: [{ value: second.id }] }]);
    await patch(`/Groups/${group.id}`, [{ op: 'Remove', path: `members[value eq "${first.id}"]` }]);
    await patch(`/Groups/${group.id}`, [{ op: 'replace', path: 'displayName', value: 'Engines' }]);
    const { body } = await scim('GET', `/Groups/${group.id}`);
    expect([body.displayName, body.members.map(({ value }: Json) => value)]).toEqual([
      'Engines',
      [second.id],
    ]);
    expect((await scim('GET', `/Users/${second.id}`)).body.groups).toMatchObject([
      { value: group.id, display: 'Engines' },
    ]);
    const { data } = (await client.get(`/directory_groups?directory=${endpoint.directoryId}`)).body;
    expect(data).toMatchObject([{ id: group.id, name: 'Engines' }]);
    await scim('DELETE', `/Groups/${group.id}`);
    expect((await told()).slice(2)).toEqual([
      'dsync.group.created',
      'dsync.group.user_added',
      'dsync.group.user_added',
      'dsync.group.user_removed',
      'dsync.group.updated',
      'dsync.group.deleted',
    ]);
  });

  it('refuses a member who is not in the directory, and keeps nothing of the request', async () => {
    const stranger = await addUser();
    const elsewhere = open();
    const refused = await scim(
      'POST',
      '/Groups',
      { displayName: 'Strangers', members: [{ value: stranger.id }] },
      { to: elsewhere },
    );
    expect([refused.status, refused.body.scimType]).toEqual([400, 'invalidValue']);
    expect((await scim('GET', '/Groups', undefined, { to: elsewhere })).body.totalResults).toBe(0);
  });

  it('lists by filter, in pages, sorted, with the attributes that are asked for', async () => {
    for (const name of ['ada', 'bob', 'cy', 'dee', 'eve']) {
      const emails = [{ value: `${name}@northwind.example`, type: 'work' }];
      await addUser({
        externalId: name,
        userName: name,
        emails,
        title: name === 'cy' ? 'Clerk' : 'Engineer',
      });
    }
    const list = async (query: Record<string, string>): Promise<Json> =>
      (await scim('GET', `/Users?${new URLSearchParams(query).toString()}`)).body;
    const names = async (query: Record<string, string>) =>
      (await list(query)).Resources.map(({ userName }: Json) => userName);
    expect(await names({})).toEqual(['ada', 'bob', 'cy', 'dee', 'eve']);
    expect(await names({ filter: 'userName eq "BOB"' })).toEqual(['bob']);
    expect(await names({ filter: 'externalId eq "cy"' })).toEqual(['cy']);
    expect(await names({ filter: 'emails.value sw "d" or title eq "Clerk"' })).toEqual(['cy', 'dee']);
    expect(await names({ filter: 'emails[value sw "e" and type eq "work"]' })).toEqual(['eve']);
    expect(await names({ sortBy: 'userName', sortOrder: 'descending', count: '2' })).toEqual(['eve', 'dee']);
    expect(await list({ startIndex: '4', count: '10' })).toMatchObject({
      totalResults: 5,
      startIndex: 4,
      itemsPerPage: 2,
      Resources: [{ userName: 'dee' }, { userName: 'eve' }],
    });
    expect(await list({ count: '0' })).toMatchObject({ totalResults: 5, Resources: [] });
    const [only] = (await list({ filter: 'userName eq "ada"', attributes: 'userName' })).Resources;
    expect(Object.keys(only).sort()).toEqual(['id', 'schemas', 'userName'].filter((name) => name in only));
    const [without] = (await list({ excludedAttributes: 'emails' })).Resources;
    expect([without.userName, without.emails]).toEqual(['ada', undefined]);
    const searched = await scim('POST', '/Users/.search', { filter: 'userName eq "dee"', count: 1 });
    expect(searched.body.Resources).toMatchObject([{ userName: 'dee' }]);
    for (const query of [
      'filter=((((',
      'filter=x',
      'count=two',
      'startIndex=1.5',
      'sortBy=%00&filter=a%20zz%20b',
    ]) {
      expect((await scim('GET', `/Users?${query}`)).status).toBe(400);
    }
  });

  it('has a version of each resource: what has not changed is not sent, what has changed is not overwritten', async () => {
    const { id, meta } = await addUser();
    const unchanged = await scim('GET', `/Users/${id}`, undefined, {
      headers: { 'if-none-match': meta.version },
    });
    expect([unchanged.status, unchanged.body]).toEqual([304, null]);
    const ifMatch = { headers: { 'if-match': meta.version } };
    const rename = [{ op: 'replace', path: 'title', value: 'Countess' }];
    expect((await patch(`/Users/${id}`, rename, ifMatch)).status).toBe(200);
    expect((await patch(`/Users/${id}`, rename, ifMatch)).status).toBe(412);
    expect((await scim('PUT', `/Users/${id}`, ada, ifMatch)).status).toBe(412);
    expect((await scim('DELETE', `/Users/${id}`, undefined, ifMatch)).status).toBe(412);
    expect((await scim('DELETE', `/Users/${id}`, undefined, { headers: { 'if-match': '*' } })).status).toBe(
      204,
    );
  });

  it('loses none of the patches that come at once', async () => {
    const users: Json[] = [];
    for (let number = 0; number < 6; number += 1) {
      users.push(await addUser({ externalId: `u${number}`, userName: `u${number}` }));
    }
    const group = await addGroup('Crowd');
    const answers = await Promise.all(
      users.map(({ id }) =>
        patch(`/Groups/${group.id}`, [{ op: 'add', path: 'members', value: [{ value: id }] }]),
      ),
    );
    const kept = answers.filter(({ status }) => status === 200).length;
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    expect((await scim('GET', `/Groups/${group.id}`)).body.members).toHaveLength(kept);
    expect(kept).toBeGreaterThan(1);
  });

  it('says what it can do', async () => {
    const config = (await scim('GET', '/ServiceProviderConfig')).body;
    expect(config).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 200 },
      sort: { supported: true },
      etag: { supported: true },
      authenticationSchemes: [{ type: 'oauthbearertoken' }],
    });
    const types = (await scim('GET', '/ResourceTypes')).body.Resources;
    expect(types.map(({ name }: Json) => name)).toEqual(expect.arrayContaining(['User', 'Group']));
    const schemas = (await scim('GET', '/Schemas')).body.Resources.map(({ id }: Json) => id);
    expect(schemas).toEqual(expect.arrayContaining([`${core}:User`, `${core}:Group`, enterprise]));
    const schema = (await scim('GET', `/Schemas/${core}:User`)).body;
    expect(schema.meta.location).toBe(
      `${listening.url}${scimPath}/${endpoint.directoryId}/Schemas/${core}:User`,
    );
    expect((await scim('GET', '/Schemas/urn:none')).status).toBe(404);
  });

  it('opens with its own token only, and with the newest', async () => {
    const other = open();
    const { id } = await addUser();
    const refused: Endpoint[] = [
      { ...endpoint, token: other.token },
      { ...endpoint, token: 'scim_wrong' },
      { ...endpoint, directoryId: 'directory_none' },
    ];
    for (const to of refused) {
      const { status, body, headers } = await scim('GET', `/Users/${id}`, undefined, { to });
      expect([status, body.schemas, body.status]).toEqual([
        401,
        ['urn:ietf:params:scim:api:messages:2.0:Error'],
        '401',
      ]);
      expect(headers.get('www-authenticate')).toContain('Bearer');
    }
    expect((await scim('GET', '/Users', undefined, { headers: { authorization: '' } })).status).toBe(401);
    expect((await scim('GET', `/Users/${id}`, undefined, { to: other })).status).toBe(404);
    const renewed = client.act((context) => renewBearerToken(context, endpoint.directoryId));
    expect((await scim('GET', '/Users')).status).toBe(401);
    expect((await scim('GET', '/Users', undefined, { to: { ...endpoint, token: renewed } })).status).toBe(
      200,
    );
    await client.delete(`/directories/${other.directoryId}`);
    expect((await scim('GET', '/Users', undefined, { to: other })).status).toBe(401);
  });

  it('refuses doubles and what is no resource', async () => {
    await addUser();
    for (const more of [{ externalId: 'okta-9' }, { userName: 'other' }]) {
      const { status, body } = await scim('POST', '/Users', { ...ada, ...more });
      expect([status, body.scimType]).toEqual([409, 'uniqueness']);
    }
    expect((await scim('POST', '/Users', undefined, { text: '{' })).body.scimType).toBe('invalidSyntax');
    for (const body of [
      null,
      3,
      [],
      {},
      { userName: 7 },
      { userName: 'x', active: 'perhaps' },
      { userName: 'x', emails: 'y' },
    ]) {
      expect((await scim('POST', '/Users', body)).status).toBe(400);
    }
    expect((await scim('POST', '/Users', { userName: '\0' })).status).toBe(422);
    for (const [method, path] of [
      ['PUT', '/Users'],
      ['GET', '/Nothing'],
      ['POST', '/ServiceProviderConfig'],
      ['GET', '/Users/a/b'],
    ]) {
      expect((await scim(method ?? '', path ?? '')).status).toBeOneOf([404, 405]);
    }
  });

  it('answers odd requests with an error of SCIM, never of the server', async () => {
    const chance = new Chance(4711);
    const { id } = await addUser();
    const group = await addGroup('Fuzzed');
    const operation = {
      properties: {
        op: { enum: ['add', 'remove', 'replace', 'Replace', 'move'] },
        path: {
          enum: [
            'active',
            'emails[type eq "work"].value',
            'members',
            'name',
            'x[',
            '',
            'emails[',
            'meta',
            'id',
            'groups',
          ],
        },
        value: {
          oneOf: [
            { type: 'string' },
            { type: 'array', items: { type: 'object', properties: { value: { type: 'string' } } } },
            { type: 'boolean' },
            { type: 'object', properties: { active: { type: 'boolean' }, name: { type: 'object' } } },
          ],
        },
      },
    };
    const message = {
      properties: { schemas: { const: [patchOp] }, Operations: { type: 'array', items: operation } },
    };
    const resource = {
      properties: {
        userName: { type: 'string' },
        displayName: { type: 'string' },
        externalId: { type: 'string' },
        name: { type: 'object', properties: { givenName: { type: 'string' } } },
        emails: { type: 'array', items: { type: 'object', properties: { value: { type: 'string' } } } },
        members: { type: 'array', items: { type: 'object', properties: { value: { type: 'string' } } } },
        active: { type: 'boolean' },
      },
    };
    const none = () => ({});
    for (let round = 0; round < 150; round += 1) {
      const path = chance.pick([`/Users/${id}`, `/Groups/${group.id}`]);
      // `scim` throws for a server error.
      await scim('PATCH', path, nearValue(message, none, chance));
      await scim(
        chance.pick(['POST', 'PUT']),
        chance.pick([path, '/Users', '/Groups']),
        nearValue(resource, none, chance),
      );
    }
  });
});

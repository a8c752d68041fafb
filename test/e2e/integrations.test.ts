import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { commands } from '../../src/cli/commands.ts';
import { commandNames } from '../../src/cli/install/name.ts';
import { readDocumentPackage } from '../../src/spec/document.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { answerJson, type Envelope, envelopeOf, Kosmo, repository, TestApi } from './kosmo.ts';

/** A small API: pets, with a key. */
function petstore(): JsonObject {
  return {
    openapi: '3.1.0',
    info: { title: 'Petstore', version: '1.0.0' },
    servers: [{ url: 'https://pets.example.com/v1' }],
    security: [{ key: [] }],
    paths: {
      '/pets': {
        get: {
          operationId: 'listPets',
          summary: 'List pets',
          parameters: [
            { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } },
            { name: 'status', in: 'query', schema: { type: 'string', enum: ['free', 'taken'] } },
          ],
          responses: { 200: json({ type: 'array', items: { $ref: '#/components/schemas/Pet' } }) },
        },
        post: {
          operationId: 'createPet',
          summary: 'Create a pet',
          requestBody: {
            required: true,
            content: { 'application/json': { schema: { $ref: '#/components/schemas/NewPet' } } },
          },
          responses: { 201: json({ $ref: '#/components/schemas/Pet' }) },
        },
      },
      '/pets/{petId}': {
        parameters: [{ name: 'petId', in: 'path', required: true, schema: { type: 'string' } }],
        get: {
          operationId: 'getPet',
          summary: 'Get a pet',
          responses: { 200: json({ $ref: '#/components/schemas/Pet' }) },
        },
      },
    },
    components: {
      securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' } },
      schemas: {
        NewPet: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        Pet: {
          type: 'object',
          required: ['id', 'name'],
          properties: { id: { type: 'string' }, name: { type: 'string' } },
        },
      },
    },
  };
}

function json(schema: JsonObject): JsonObject {
  return { description: 'OK', content: { 'application/json': { schema } } };
}

let kosmo: Kosmo;
let folder: string;

beforeEach(() => {
  kosmo = new Kosmo();
  folder = mkdtempSync(join(tmpdir(), 'kosmo-documents-'));
});

afterEach(() => {
  kosmo.remove();
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, document: unknown): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document));
  return path;
}

/** Runs a command with `--json`; its object, and the exit code. */
async function asked(...args: string[]): Promise<Envelope> {
  const { stdout, status } = await kosmo.run([...args, '--json']);
  return { ...envelopeOf(stdout), status };
}

function installed(name: string): boolean {
  return existsSync(join(kosmo.home, 'kosmo/integrations', name));
}

describe('integrations:add', () => {
  it('makes the functions of a document callable, in YAML as in JSON', async () => {
    const api = await TestApi.open((_, response) => answerJson(response, 200, { id: 'pet_1', name: 'Rex' }));
    try {
      const added = await asked(
        'integrations:add',
        'shop',
        '--spec',
        write('pets.yaml', stringify(petstore())),
      );
      expect(added).toMatchObject({ name: 'shop', status: 0, installed: true, report: { operations: 3 } });
      expect(added['fields']).toContainEqual({
        name: 'api_key',
        required: true,
        secret: true,
        env: 'SHOP_API_KEY',
      });
      const { stdout } = await kosmo.run(
        ['integrations:shop', 'get_pet', '--pet-id', 'pet_1', '--json'],
        '',
        {
          SHOP_API_KEY: 'secret-key',
          SHOP_URL: api.url,
        },
      );
      expect(envelopeOf(stdout)).toMatchObject({ success: true, data: { id: 'pet_1', name: 'Rex' } });
      expect(api.received[0]).toMatchObject({ method: 'GET', url: '/pets/pet_1' });
      expect(api.received[0]?.headers['x-api-key']).toBe('secret-key');
      const { error } = await kosmo.lua('return app.integrations.shop.create_pet{ nmae = "Rex" }');
      expect(error).toMatchObject({ code: 'not_configured' });
    } finally {
      api.close();
    }
  });

  it('shows a person what was found and what to do next', async () => {
    const { stdout } = await kosmo.run([
      'integrations:add',
      'shop',
      '--spec',
      write('pets.json', petstore()),
    ]);
    expect(stdout).toContain('Added shop: Petstore\n');
    expect(stdout).toMatch(/functions +3\n/);
    expect(stdout).toContain('kosmo integrations:configure shop --set api_key=…');
    expect(stdout).toContain('kosmo integrations:shop list_pets');
  });

  it('installs nothing in a dry run', async () => {
    const added = await asked('integrations:add', 'shop', '--spec', write('p.json', petstore()), '--dry-run');
    expect(added).toMatchObject({ installed: false, report: { operations: 3 } });
    expect(installed('shop')).toBe(false);
  });

  it('takes an overlay, and refuses one that does not fit', async () => {
    const spec = write('pets.json', petstore());
    const action = (target: string) => ({ target, update: { 'x-kosmo-effect': 'read' } });
    const overlay = (...actions: unknown[]) => ({
      overlay: '1.0.0',
      info: { title: 'o', version: '1' },
      actions,
    });
    const fitting = write('fits.json', overlay(action("$.paths['/pets'].post")));
    const other = write('other.json', overlay(action("$.paths['/cats'].post")));
    expect(await asked('integrations:add', 'shop', '--spec', spec, '--overlay', other)).toMatchObject({
      error: { code: 'document_invalid', message: expect.stringContaining("$.paths['/cats'].post") },
    });
    await asked('integrations:add', 'shop', '--spec', spec, '--overlay', fitting);
    expect(await asked('integrations:schema', 'shop.create_pet')).toMatchObject({ effect: 'read' });
  });

  it('sends calls to the base URL it was given', async () => {
    const spec = write('pets.json', petstore());
    await asked('integrations:add', 'shop', '--spec', spec, '--base-url', 'https://staging.example.com/');
    const { stdout } = await kosmo.run(
      ['integrations:call', 'shop.list_pets', '--limit', '5', '--dry-run', '--json'],
      '',
      { SHOP_API_KEY: 'k' },
    );
    expect(envelopeOf(stdout)['data'].url).toBe('https://staging.example.com/pets?limit=5');
  });

  it('refuses a name that is taken or cannot be one', async () => {
    const spec = write('pets.json', petstore());
    for (const [name, reason] of [
      ['workos', 'installed already'],
      ['sync', 'is a command'],
      ['end', 'a word of Lua'],
      ['../x', 'begins with a letter'],
      ['9lives', 'begins with a letter'],
    ] as const) {
      const refused = await asked('integrations:add', name, '--spec', spec);
      expect(refused).toMatchObject({ status: 2, error: { code: 'usage' } });
      expect(refused['error'].message).toContain(reason);
    }
    expect(await asked('integrations:add', 'shop')).toMatchObject({ error: { code: 'usage' } });
  });

  it('knows every command that a name could be taken for', () => {
    const names = Object.keys(commands).filter((name) => name.startsWith('integrations:'));
    expect([...commandNames].sort()).toEqual(names.map((name) => name.slice('integrations:'.length)).sort());
  });

  it('reads the parts of a document that lie in other files', async () => {
    const document = petstore();
    Object.assign(document['paths'] as JsonObject, { '/pets/{petId}': { $ref: 'parts/pet.yaml#/item' } });
    write(
      'parts/pet.yaml',
      stringify({
        item: {
          get: { summary: 'Get a pet', responses: { 200: json({ $ref: 'schemas.yaml#/Tree' }) } },
        },
      }),
    );
    write(
      'parts/schemas.yaml',
      stringify({ Tree: { type: 'object', properties: { next: { $ref: '#/Tree' } } } }),
    );
    await asked('integrations:add', 'shop', '--spec', write('pets.json', document));
    const { response } = await asked('integrations:schema', 'shop.get_pet');
    expect(response).toMatchObject({ $ref: '#/$defs/Tree' });
    expect(response['$defs'].Tree.properties.next).toEqual({ $ref: '#/$defs/Tree' });
  });

  it('has exactly what one of two processes installed, when both install at once', async () => {
    const spec = write('pets.json', petstore());
    const both = await Promise.all([
      asked('integrations:add', 'shop', '--spec', spec),
      asked('integrations:add', 'shop', '--spec', spec),
    ]);
    expect(both.some(({ status }) => status === 0)).toBe(true);
    expect(await asked('integrations:schema', 'shop.list_pets')).toMatchObject({ lua_name: 'list_pets' });
  });
});

describe('schemas that a validator cannot take', () => {
  /** An API of one function that takes such a body. */
  const taking = (schema: JsonObject, named: JsonObject = {}): JsonObject => ({
    openapi: '3.1.0',
    info: { title: 'Odd', version: '1' },
    servers: [{ url: 'https://odd.example.com' }],
    paths: {
      '/things': {
        post: {
          summary: 'Make a thing',
          requestBody: { required: true, content: { 'application/json': { schema } } },
          responses: { 201: { description: 'Made' } },
        },
      },
    },
    components: { schemas: named },
  });
  const add = (document: JsonObject) =>
    asked('integrations:add', 'odd', '--spec', write('odd.json', document));
  const call = (args: JsonObject) =>
    asked('integrations:odd', 'make_thing', JSON.stringify(args), '--dry-run');

  it('because they are too large, count as their names, which the report and each call say', async () => {
    const names = Array.from({ length: 200_000 }, (_, at) => `the value numbered ${at}`);
    const { report } = await add(
      taking({
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, kind: { type: 'string', enum: names } },
      }),
    );
    expect(report.names_only).toEqual([{ operation: 'POST /things', reason: 'its schema is 5.5 MB' }]);
    const reason = 'its schema is too large';
    expect(await call({ name: 'x', kind: 'unheard of' })).toMatchObject({
      success: true,
      meta: {
        warnings: [`Of odd.odd_things_create only the names of the arguments were checked: ${reason}.`],
      },
    });
    const { error } = await call({ kind: 'unheard of' });
    expect(error).toMatchObject({ code: 'invalid_arguments' });
    expect(error.message).toContain('name: expected a string, got nothing');
    expect(error.message.length).toBeLessThan(5_000);
    const { integration_calls: calls } = await kosmo.lua(
      'app.integrations.odd.make_thing{ name = "x" }',
      '--dry-run',
    );
    expect(calls).toMatchObject([{ planned: true, names_only: reason }]);
  });

  it('in a second, because of a pattern, count as their names, which the call says', async () => {
    const { report } = await add(
      taking({ type: 'object', required: ['s'], properties: { s: { type: 'string', pattern: '^(a+)+$' } } }),
    );
    expect(report.names_only).toEqual([]);
    const { stdout } = await kosmo.run([
      'integrations:sync',
      'odd',
      '--from',
      write('next.json', taking({ type: 'object', properties: { s: { type: 'string', pattern: '(?<!' } } })),
      '--dry-run',
    ]);
    expect(stdout).toContain(
      'Of the newer document:\n  loose schemas  POST /things body/properties/s (the pattern',
    );
    const { stderr, status } = await kosmo.run([
      'integrations:odd',
      'make_thing',
      JSON.stringify({ s: `${'a'.repeat(50)}!` }),
      '--dry-run',
    ]);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr:
        'warning: Of odd.odd_things_create only the names of the arguments were checked: checking it took more than a second.\n',
    });
  });

  it('to their end, because they are composed of themselves, are cut there, which the report says', async () => {
    const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
    const { report, status } = await add(
      taking(ref('A'), {
        A: { allOf: [ref('B')], required: ['name'], properties: { name: { type: 'string' } } },
        B: { anyOf: [ref('A'), { type: 'object' }] },
      }),
    );
    expect(status).toBe(0);
    expect(report.degraded).toEqual([
      {
        place: '#/components/schemas/B',
        reason: 'it is composed of itself (by A); that part takes anything',
      },
    ]);
    expect(await call({ name: 'x' })).toMatchObject({ success: true });
    expect((await call({ name: 1 }))['error'].message).toContain('name: expected a string, got 1');
  });

  it('because they are choices of choices of choices, are cut, which the report says', async () => {
    const ref = (at: number) => ({ $ref: `#/components/schemas/Choice${at}` });
    const choices = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`Choice${at}`, { anyOf: [ref(at + 1), ref(at + 1)] }]),
    );
    const last = { type: 'object', properties: { never: { type: 'integer' } } };
    const { report, status } = await add(taking(ref(0), { ...choices, Choice40: last }));
    expect(status).toBe(0);
    expect(report.degraded.length).toBeGreaterThan(0);
    expect(report.degraded[0].reason).toContain('more schemas than can be tried');
    expect(await call({ never: 1 })).toMatchObject({ status: 0 });
    const docs = await kosmo.run(['integrations:docs', 'odd.make_thing']);
    expect(docs.status).toBe(0);
  });
});

describe('a document at a URL', () => {
  let server: Server;
  let answers: Map<string, { body: string; etag?: string; location?: string }>;
  let seen: string[];
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = request.url ?? '';
      seen.push(`${path} ${request.headers['if-none-match'] ?? ''}`.trim());
      const answer = answers.get(path);
      if (answer === undefined) return response.writeHead(404).end();
      if (answer.location !== undefined) return response.writeHead(302, { location: answer.location }).end();
      if (answer.etag !== undefined && request.headers['if-none-match'] === answer.etag)
        return response.writeHead(304).end();
      response.writeHead(200, {
        'content-type': 'application/json',
        ...(answer.etag ? { etag: answer.etag } : {}),
      });
      response.end(answer.body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    answers = new Map();
    seen = [];
  });

  afterAll(() => server.close());

  it('is fetched, followed through a redirect, and asked for again only if it has changed', async () => {
    answers.set('/latest', { body: '', location: '/v1.json' });
    answers.set('/v1.json', { body: JSON.stringify(petstore()), etag: '"one"' });
    expect(await asked('integrations:add', 'shop', '--spec', `${url}/latest`)).toMatchObject({ status: 0 });
    expect(await asked('integrations:sync', 'shop')).toMatchObject({ unchanged: true, installed: false });
    expect(seen).toEqual(['/latest', '/v1.json', '/latest "one"', '/v1.json "one"']);
    const record = currentRecord('shop');
    expect(record).toMatchObject({ spec: `${url}/latest`, etag: '"one"' });
    expect(record['sha256']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is read with its other parts only where its user says so', async () => {
    const document = petstore();
    Object.assign(document['paths'] as JsonObject, { '/pets/{petId}': { $ref: './part.json#/item' } });
    answers.set('/api/pets.json', { body: JSON.stringify(document) });
    answers.set('/api/part.json', {
      body: JSON.stringify({
        item: { get: { summary: 'Get a pet', responses: { 200: { description: 'OK' } } } },
      }),
    });
    const spec = `${url}/api/pets.json`;
    const refused = await asked('integrations:add', 'shop', '--spec', spec);
    expect(refused).toMatchObject({ status: 1, error: { code: 'document_invalid' } });
    expect(refused['error'].message).toContain('#/paths/~1pets~1{petId}');
    expect(refused['error'].message).toContain(`--remote-refs ${new URL(url).host}`);
    expect(seen).toEqual(['/api/pets.json']);
    expect(await asked('integrations:add', 'shop', '--spec', spec, '--remote-refs')).toMatchObject({
      status: 0,
    });
  });

  it('may not lead a reader to files, or to hosts that nobody named', async () => {
    const document = petstore();
    const paths = document['paths'] as JsonObject;
    Object.assign(paths, { '/a': { $ref: 'http://elsewhere.invalid/a.json' } });
    answers.set('/pets.json', { body: JSON.stringify(document) });
    const refused = await asked('integrations:add', 'shop', '--spec', `${url}/pets.json`, '--remote-refs');
    expect(refused['error'].message).toContain('elsewhere.invalid, which may not be read');
    expect(installed('shop')).toBe(false);
  });

  it('is said to be out of reach when it is', async () => {
    const refused = await asked('integrations:add', 'shop', '--spec', `${url}/nothing`);
    expect(refused).toMatchObject({ status: 1, error: { code: 'document_unreachable' } });
    expect(refused['error'].message).toContain('it answered 404');
  });
});

function currentRecord(name: string): Envelope {
  const root = join(kosmo.home, 'kosmo/integrations', name);
  const { current } = JSON.parse(readFileSync(join(root, 'current.json'), 'utf8')) as { current: string };
  return JSON.parse(readFileSync(join(root, current, 'installed.json'), 'utf8')) as Envelope;
}

describe('integrations:sync', () => {
  /** The petstore after a release: one operation more, one gone, and the others changed. */
  function nextPetstore(): JsonObject {
    // biome-ignore lint/suspicious/noExplicitAny: the document is changed where a release would
    const next = petstore() as any;
    const { get, post } = next.paths['/pets'];
    get.parameters[0].schema.maximum = 50;
    get.parameters[1].schema.enum = ['free', 'taken', 'lost'];
    get.parameters.push({ name: 'owner', in: 'query', required: true, schema: { type: 'string' } });
    post.summary = 'Create a pet';
    next.components.schemas.NewPet.properties.color = { type: 'string' };
    next.components.schemas.Pet.properties.name = { type: ['string', 'null'] };
    delete next.paths['/pets/{petId}'].get;
    next.paths['/pets/{petId}'].delete = {
      summary: 'Delete a pet',
      responses: { 204: { description: 'Gone' } },
    };
    return next;
  }

  it('shows what was added, changed and removed, each by argument and field, before it takes it', async () => {
    const spec = write('pets.json', petstore());
    await asked('integrations:add', 'shop', '--spec', spec);
    write('pets.json', nextPetstore());
    const shown = await asked('integrations:sync', 'shop', '--dry-run');
    expect(shown).toMatchObject({ installed: false, changes: { before: 3, after: 3, breaking: 3 } });
    const { added, changed, removed } = shown['changes'];
    expect(added).toEqual([
      { function: 'shop_pets_delete', lua_name: 'delete_pet', method: 'DELETE', path: '/pets/{petId}' },
    ]);
    expect(removed).toMatchObject([{ lua_name: 'get_pet' }]);
    expect(changed[0]).toMatchObject({ lua_name: 'list_pets' });
    expect(changed[0].changes).toEqual([
      { kind: 'breaking', place: 'limit', what: 'maximum 100 became 50' },
      { kind: 'compatible', place: 'status', what: 'also "lost"' },
      { kind: 'breaking', place: 'owner', what: 'added, and required' },
      { kind: 'breaking', place: 'answer[].name', what: 'string became string or null' },
    ]);
    expect(changed[1].changes).toEqual([
      { kind: 'compatible', place: 'body.color', what: 'added' },
      { kind: 'breaking', place: 'answer.name', what: 'string became string or null' },
    ]);
    expect(await asked('integrations:schema', 'shop.get_pet')).toMatchObject({ lua_name: 'get_pet' });
    const { stdout } = await kosmo.run(['integrations:sync', 'shop']);
    expect(stdout).toContain('shop: 3 → 3 functions; 1 added, 2 changed, 1 removed\n');
    expect(stdout).toContain('      ! owner: added, and required\n');
    expect(await asked('integrations:schema', 'shop.delete_pet')).toMatchObject({ effect: 'destructive' });
  });

  it('goes back to the document before, and forward again', async () => {
    const spec = write('pets.json', petstore());
    await asked('integrations:add', 'shop', '--spec', spec);
    expect(await asked('integrations:rollback', 'shop')).toMatchObject({
      error: { code: 'nothing_to_roll_back' },
    });
    await asked('integrations:sync', 'shop', '--from', write('next.json', nextPetstore()));
    const known = async (name: string) =>
      (await asked('integrations:schema', `shop.${name}`))['error'] === undefined;
    expect([await known('get_pet'), await known('delete_pet')]).toEqual([false, true]);
    await asked('integrations:rollback', 'shop');
    expect([await known('get_pet'), await known('delete_pet')]).toEqual([true, false]);
    await asked('integrations:rollback', 'shop');
    expect([await known('get_pet'), await known('delete_pet')]).toEqual([false, true]);
  });

  it('keeps the document in use when the newer one has a fault', async () => {
    const spec = write('pets.json', petstore());
    await asked('integrations:add', 'shop', '--spec', spec);
    write('pets.json', '{ "openapi": "3.1.0", "info": {}, "paths": { "/pets": [] } }');
    expect(await asked('integrations:sync', 'shop')).toMatchObject({ error: { code: 'document_invalid' } });
    expect(await asked('integrations:schema', 'shop.get_pet')).toMatchObject({ lua_name: 'get_pet' });
  });

  it('asks before a document that has shrunk takes the place of the one in use', async () => {
    const spec = write('pets.json', petstore());
    await asked('integrations:add', 'shop', '--spec', spec);
    const smaller = petstore();
    delete (smaller['paths'] as JsonObject)['/pets/{petId}'];
    write('pets.json', smaller);
    expect(await asked('integrations:sync', 'shop')).toMatchObject({
      status: 3,
      error: { code: 'document_shrunk', message: expect.stringContaining('3 operations become 2') },
    });
    expect(await asked('integrations:schema', 'shop.get_pet')).toMatchObject({ lua_name: 'get_pet' });
    expect(await asked('integrations:sync', 'shop', '--yes')).toMatchObject({ installed: true });
  });

  it('keeps no more than the document in use and the one before', async () => {
    const spec = write('pets.json', petstore());
    await asked('integrations:add', 'shop', '--spec', spec);
    for (const version of ['2', '3', '4']) {
      const next = petstore();
      Object.assign((next['paths'] as JsonObject)['/pets'] as JsonObject, {
        [version === '3' ? 'put' : 'patch']: {
          summary: `Change ${version}`,
          responses: { 204: { description: '' } },
        },
      });
      write('pets.json', next);
      expect(await asked('integrations:sync', 'shop', '--yes')).toMatchObject({ installed: true });
    }
    const entries = readdirSync(join(kosmo.home, 'kosmo/integrations/shop'), { withFileTypes: true });
    expect(entries.filter((entry) => entry.isDirectory())).toHaveLength(2);
  });
});

describe('the integration in the box', () => {
  /** WorkOS’s document as a later one would be: forty operations more. */
  function laterWorkos(): string {
    const { content } = readDocumentPackage(
      '@workos/openapi-spec',
      'open-api-spec.yaml',
      join(repository, 'package.json'),
    );
    const paths = content['paths'] as JsonObject;
    for (let number = 1; number <= 40; number++) {
      paths[`/later/things_${number}/{id}`] = {
        get: {
          operationId: `LaterThings${number}Controller_get`,
          summary: `Get later thing ${number}`,
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { 200: json({ type: 'object' }) },
        },
      };
    }
    return write('workos.yaml', stringify(content));
  }

  it('follows a newer document, which the local server says it does not have yet', async () => {
    const synced = await asked('integrations:sync', 'workos', '--from', laterWorkos());
    expect(synced).toMatchObject({
      installed: true,
      changes: { before: 172, after: 212, removed: [], changed: [] },
    });
    expect(synced['changes'].added).toHaveLength(40);
    const answered = await kosmo.lua(
      'local ok, e = pcall(app.integrations.workos.get_later_thing_7, { id = "x" }); return { e.status, e.code, #app.integrations.workos.list_organizations{}.data }',
      '--local',
    );
    expect(answered['result']).toEqual([501, 'not_in_this_server', expect.any(Number)]);
    const child = kosmo.start(['local:start', '--port', '0', '--json', '--db', ':memory:']);
    const [line] = await new Promise<string[]>((done) =>
      child.stdout.once('data', (data) => done([String(data)])),
    );
    child.kill('SIGTERM');
    const about = JSON.parse(line ?? '') as Envelope;
    expect(about['not_in_this_server']).toHaveLength(40);
    expect(about['not_in_this_server']).toContain('GET /later/things_7/{id}');
    expect(await asked('integrations:remove', 'workos')).toMatchObject({ removed: true, in_box: true });
    expect(await asked('integrations:remove', 'workos')).toMatchObject({ error: { code: 'usage' } });
    const { integrations } = await asked('integrations:list');
    expect(integrations[0]).toMatchObject({ name: 'workos', functions: 172 });
  });
});

it('removes an integration, and keeps nothing of it', async () => {
  await asked('integrations:add', 'shop', '--spec', write('pets.json', petstore()));
  expect(await asked('integrations:remove', 'shop')).toMatchObject({ removed: true });
  expect(installed('shop')).toBe(false);
  expect(await asked('integrations:remove', 'shop')).toMatchObject({
    error: { code: 'unknown_integration' },
  });
});

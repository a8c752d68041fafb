import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readDocumentFile, readDocumentPackage } from '../spec/document.ts';
import { applyOverlay } from '../spec/overlay.ts';
import type { JsonObject } from '../support/json.ts';
import { compileManifest } from './compile.ts';
import type { Effect } from './manifest.ts';
import { ManifestReader, writeManifest } from './store.ts';

const root = join(import.meta.dirname, '../..');
const source = readDocumentPackage('@workos/openapi-spec', 'open-api-spec.yaml', join(root, 'package.json'));
const overlay = readDocumentFile(join(root, 'integrations/workos/overlay.yaml'));
const workos = compileManifest('workos', source, applyOverlay(source.content, overlay.content, 'overlay'), [
  overlay,
]);
const operation = (slug: string) => {
  const found = workos.operations.find((candidate) => candidate.slug === slug);
  if (found === undefined) throw new Error(`no ${slug}`);
  return found;
};

describe('the WorkOS manifest', () => {
  it('has exactly the listed functions: names, methods, paths and operation ids', () => {
    const listed = readFileSync(join(root, 'test/fixtures/workos-functions.tsv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const compiled = workos.operations.map((entry) =>
      [entry.luaName, entry.slug, entry.method, entry.path, entry.operationId].join('\t'),
    );
    expect(listed).toHaveLength(172);
    expect(compiled.sort()).toEqual(listed.sort());
  });

  it('gives an operation an alias by its path, unless the alias would name two', () => {
    expect(operation('workos_userland_users_get_0').aliases).toEqual(['workos_user_management_users_get']);
    expect(operation('workos_organizations_list').aliases).toEqual([]);
    expect(operation('workos_authorization_role_assignments_remove_role_by_id').aliases).toEqual([]);
    const names = workos.operations.flatMap(({ slug, aliases }) => [slug, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('knows what each operation does to data', () => {
    const withEffect = (effect: Effect) => workos.operations.filter((entry) => entry.effect === effect);
    expect(withEffect('destructive').every(({ method }) => method === 'DELETE')).toBe(true);
    expect(withEffect('write').some(({ method }) => method === 'GET' || method === 'DELETE')).toBe(false);
    const readingPosts = withEffect('read').filter(({ method }) => method !== 'GET');
    expect(readingPosts.map(({ luaName }) => luaName).sort()).toEqual([
      'check_authorization',
      'validate_api_key',
    ]);
  });

  it('accepts a placeholder by the name of what it stands for', () => {
    const aliasOf = (slug: string) =>
      operation(slug).parameters.find(({ in: place }) => place === 'path')?.alias;
    expect(aliasOf('workos_userland_users_get_0')).toBe('user_id');
    expect(aliasOf('workos_organization_membership_groups_list_groups')).toBe('organization_membership_id');
    expect(aliasOf('workos_directories_find')).toBe('directory_id');
    expect(aliasOf('workos_organization_api_keys_list')).toBeNull();
  });

  it('knows which account fields fill an argument', () => {
    expect(operation('workos_api_keys_validate_api_key').body?.accountDefaults).toEqual({
      value: ['api_key'],
    });
    expect(operation('workos_userland_sessions_authenticate_0').body?.accountDefaults).toEqual({
      client_id: ['client_id'],
      client_secret: ['client_secret', 'api_key'],
    });
    const authorize = operation('workos_sso_authorize');
    expect(authorize.parameters.find(({ name }) => name === 'client_id')?.accountDefault).toEqual([
      'client_id',
    ]);
  });

  it('knows how each operation is authenticated', () => {
    expect(operation('workos_organizations_list').auth).toEqual({ kind: 'bearer', field: 'api_key' });
    expect(operation('workos_sso_get_profile').auth).toEqual({ kind: 'bearer', field: 'access_token' });
    expect(operation('workos_sso_token').auth).toBeNull();
  });

  it('finds the lists that go on', () => {
    const style = { style: 'cursor', argument: 'after', next: 'list_metadata.after', items: 'data' };
    expect(operation('workos_organizations_list').pagination).toEqual(style);
    expect(operation('workos_organizations_create').pagination).toBeNull();
    const cursors = workos.operations.filter(({ parameters }) =>
      parameters.some(({ name }) => name === 'after'),
    );
    expect(cursors.filter(({ pagination }) => pagination === null).map(({ slug }) => slug)).toEqual([]);
  });

  it('keeps every reference inside the manifest', () => {
    const references = JSON.stringify(workos).match(/"\$ref":"[^"]*"/g) ?? [];
    const names = new Set(Object.keys(workos.schemas).map((name) => `"$ref":"#/schemas/${name}"`));
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((reference) => !names.has(reference))).toEqual([]);
  });
});

describe('a manifest on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kosmo-manifest-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives back every operation and schema, read one at a time', () => {
    writeManifest(folder, workos);
    const reader = ManifestReader.open(folder, 'workos');
    expect(reader.index.operations.map((entry) => reader.operation(entry))).toEqual(workos.operations);
    for (const name of Object.keys(workos.schemas)) expect(reader.schema(name)).toEqual(workos.schemas[name]);
    reader.close();
  });

  it('is one plain JSON document', () => {
    writeManifest(folder, workos);
    const text = readFileSync(join(folder, 'workos-openapi-manifest.json'), 'utf8');
    expect(JSON.parse(text)).toEqual(workos);
  });

  it('finds the schemas that a schema needs, and theirs', () => {
    writeManifest(folder, workos);
    const reader = ManifestReader.open(folder, 'workos');
    const closure = reader.schemasOf({ $ref: '#/schemas/OrganizationList' });
    expect(Object.keys(closure)).toEqual(expect.arrayContaining(['OrganizationList', 'Organization']));
    expect(reader.schemasOf({ $ref: '#/schemas/Nothing' })).toEqual({ Nothing: {} });
    reader.close();
  });
});

describe('compiling a document', () => {
  const compile = (content: JsonObject) =>
    compileManifest('acme', { content, location: 'acme.yaml', version: '', sha256: '' }, content, []);

  it('names the place of a reference to nothing', () => {
    const paths = { '/a': { get: { responses: { 200: { $ref: '#/components/responses/Gone' } } } } };
    expect(() => compile({ openapi: '3.1.0', paths })).toThrow(
      'GET /a 200: #/components/responses/Gone refers to nothing.',
    );
  });

  it('calls the second of two operations with one id by its path', () => {
    const get = { operationId: 'Things_list', responses: {} };
    const { operations } = compile({ paths: { '/a': { get }, '/b': { get } } });
    expect(operations.map(({ slug }) => slug)).toEqual(['acme_things_list', 'acme_b_list']);
  });

  it('takes a path’s parameters, and an operation’s own over them', () => {
    const parameters = [{ name: 'id', in: 'path', schema: { type: 'string' } }];
    const own = [{ name: 'id', in: 'path', description: 'Own.', schema: { type: 'integer' } }];
    const manifest = compile({
      paths: {
        '/pets/{id}': { parameters, get: { parameters: own, responses: {} }, delete: { responses: {} } },
      },
    });
    expect(manifest.operations.map((entry) => entry.parameters[0]?.description)).toEqual(['Own.', '']);
    expect(manifest.operations.map((entry) => entry.slug)).toEqual(['acme_pets_get', 'acme_pets_delete']);
  });

  it('keeps a schema that contains itself by its name', () => {
    const node = { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' } } };
    const manifest = compile({ paths: {}, components: { schemas: { Node: node } } });
    expect(manifest.schemas['Node']).toEqual({
      type: 'object',
      properties: { next: { $ref: '#/schemas/Node' } },
    });
  });
});

describe('an example that an overlay gives', () => {
  it('comes with what it needs, and the events that the operation causes', () => {
    const document = {
      paths: {
        '/pets/{id}': {
          delete: {
            operationId: 'PetsController_delete',
            summary: 'Delete a pet',
            responses: {},
            'x-kosmo-example': { before: 'local pet = {}\n', arguments: { id: '=pet.id' } },
            'x-kosmo-events': ['pet.deleted'],
          },
          get: { operationId: 'PetsController_get', summary: 'Get a pet', responses: {} },
        },
      },
    };
    const zoo = compileManifest(
      'zoo',
      { content: document, location: '', version: '', sha256: '' },
      document,
      [],
    );
    const [found, plain] = ['DELETE', 'GET'].map((method) =>
      zoo.operations.find((entry) => entry.method === method),
    );
    expect(found?.example).toEqual({
      before: 'local pet = {}',
      needs: '',
      arguments: { id: '=pet.id' },
      full: null,
    });
    expect(found?.events).toEqual(['pet.deleted']);
    expect(plain).not.toHaveProperty('example');
    expect(plain).not.toHaveProperty('events');
  });
});

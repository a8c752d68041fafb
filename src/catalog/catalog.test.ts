import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileManifest } from '../manifest/compile.ts';
import { writeManifest } from '../manifest/store.ts';
import { Catalog } from './catalog.ts';
import { didYouMean, nearestNames } from './nearest.ts';

const folder = mkdtempSync(join(tmpdir(), 'kosmo-catalog-'));
const document = {
  paths: {
    '/pets': {
      get: { operationId: 'PetsController_list', summary: 'List the pets', responses: {} },
      post: { operationId: 'PetsController_create', summary: 'Create a pet', responses: {} },
    },
    '/shops/{id}/pets': { get: { operationId: 'ShopPets_list', summary: 'List the pets', responses: {} } },
  },
};

beforeAll(() => {
  const source = { content: document, location: 'zoo.yaml', version: '1', sha256: '' };
  writeManifest(join(folder, 'zoo'), compileManifest('zoo', source, document, []));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the catalog', () => {
  it('lists what is installed', () => {
    expect(Catalog.open(folder).names()).toEqual(['zoo']);
    expect(Catalog.open(join(folder, 'none')).names()).toEqual([]);
  });

  it('finds an operation by each of its names, with - and _ the same', () => {
    const zoo = Catalog.open(folder).get('zoo');
    const slugs = (name: string) => zoo?.find(name).map(({ slug }) => slug);
    expect(slugs('create_pet')).toEqual(['zoo_pets_create']);
    expect(slugs('create-pet')).toEqual(['zoo_pets_create']);
    expect(slugs('zoo_pets_create')).toEqual(['zoo_pets_create']);
    expect(slugs('zoo_shops_pets_list')).toEqual(['zoo_shop_pets_list']);
    expect(slugs('nothing')).toEqual([]);
  });

  it('gives both operations that share a Lua name', () => {
    const zoo = Catalog.open(folder).get('zoo');
    expect(zoo?.find('list_pets').map(({ slug }) => slug)).toEqual(['zoo_pets_list', 'zoo_shop_pets_list']);
    expect(zoo?.luaNames()).toEqual(['create_pet', 'list_pets']);
  });

  it('knows no integration that is not installed, whatever the name looks like', () => {
    const catalog = Catalog.open(folder);
    for (const name of ['nothing', '..', '../zoo', '', '__proto__', 'zoo/'])
      expect(catalog.get(name)).toBeUndefined();
  });
});

describe('suggestions', () => {
  it('names what a mistyped name may have meant, nearest first', () => {
    const names = ['list_organizations', 'list_users', 'get_organization', 'create_organization'];
    expect(nearestNames('list_organisations', names)[0]).toBe('list_organizations');
    expect(nearestNames('lst_users', names)).toEqual(['list_users']);
    expect(nearestNames('organization', names)).toEqual([
      'get_organization',
      'list_organizations',
      'create_organization',
    ]);
    expect(nearestNames('zzzzzzzz', names)).toEqual([]);
  });

  it('reads as a sentence', () => {
    expect(didYouMean([])).toBe('');
    expect(didYouMean(['a'])).toBe(' Did you mean a?');
    expect(didYouMean(['a', 'b', 'c'])).toBe(' Did you mean a, b or c?');
  });
});

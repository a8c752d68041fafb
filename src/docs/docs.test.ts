import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bind } from '../call/bind.ts';
import { OperationPlan } from '../call/plan.ts';
import { validate } from '../call/validate.ts';
import { Catalog } from '../catalog/index.ts';
import { argumentSchemaOf, type JsonSchema, propertiesOf, resolve, variantsOf } from '../manifest/index.ts';
import { errorCatalogue } from '../support/errors.ts';
import { isJsonObject } from '../support/json.ts';
import { createDocs, exampleArguments, type ReadOptions, type ReadPage } from './index.ts';
import { cell } from './prose.ts';
import { findSection } from './sections.ts';

const catalog = Catalog.open(join(import.meta.dirname, '../../dist/integrations'));
const workos = catalog.get('workos');
if (workos === undefined) throw new Error('workos is not built');
const docs = createDocs(catalog);
const readPage = async (page: string, options: ReadOptions = {}): Promise<ReadPage> => {
  const found = await docs.read(page, options);
  if ('code' in found) throw new Error(found.message);
  return found;
};
const read = async (page: string, options: ReadOptions = {}): Promise<string> =>
  (await readPage(page, options)).markdown;

describe('the page of a function', () => {
  it('says what it is called, what it does to data, what it sends and what it gives back', async () => {
    const page = await read('workos.create_organization');
    for (const part of [
      '# workos.create_organization',
      '`app.integrations.workos.create_organization`',
      '`workos.workos_organizations_create`',
      'Effect: write; asks for approval on a remote account',
      'POST `/organizations`, with the account’s api_key',
      '| `name` | string | yes |',
      '| `domain_data[].state` | `"pending"`, `"verified"` | yes |',
      '400: The request cannot be carried out as it is. Codes: `invalid_metadata`, `external_id_already_used`.',
      'local result = app.integrations.workos.create_organization{ name = "Northwind" }',
      'kosmo integrations:workos create_organization --name Northwind --force',
    ]) {
      expect(page).toContain(part);
    }
  });

  it('is found by each of the function’s names', async () => {
    const page = await read('workos.get_user');
    for (const name of [
      'workos.workos_userland_users_get_0',
      'workos.workos-user-management-users-get',
      'integrations.workos.get_user',
      'app.integrations.workos.get_user',
    ]) {
      expect(await read(name)).toBe(page);
    }
    expect(page).toContain('Also accepted as `user_id`.');
    expect(page).toContain('alias `workos_user_management_users_get`');
  });

  it('tells the variants of a body apart, and what the account fills in', async () => {
    const page = await read('workos.authenticate');
    expect(page).toContain('When `grant_type` is `"password"`:');
    expect(page).toContain('the account’s client_secret, else its api_key');
  });

  it('says how a list goes on', async () => {
    expect(await read('workos.list_users')).toContain(
      'while `list_metadata.after` is not nil, pass it as `after`',
    );
    expect(await read('workos.get_user')).not.toContain('next page');
  });

  it('shows both functions of a shared name, and that the arguments decide', async () => {
    const page = await read('workos.list_groups');
    expect(page).toContain('`list_groups` names 2 functions, `workos.workos_groups_list` and');
    expect(page).toContain('# workos.workos_groups_list');
    expect(page).toContain('# workos.workos_organization_membership_groups_list_groups');
  });

  it('says of a redirect that it is given, not followed', async () => {
    expect(await read('workos.initiate_sso')).toContain('`{ url = "…" }`');
  });

  it.each(workos.reader.index.operations.map((entry) => [entry.slug, entry] as const))(
    'gives examples of %s that its schema accepts, and no link that leads nowhere',
    async (slug, entry) => {
      const operation = workos.reader.operation(entry);
      const plan = new OperationPlan(operation, workos.reader);
      for (const extent of ['required', 'full'] as const) {
        const bound = bind(plan, exampleArguments(operation, plan.lookup, extent));
        // What the account would fill in stands in for it.
        for (const parameter of operation.parameters) {
          if (parameter.accountDefault.length > 0) bound.values[parameter.argument] ??= 'filled';
        }
        if (typeof bound.body === 'object' && bound.body !== null && !Array.isArray(bound.body)) {
          for (const name of Object.keys(operation.body?.accountDefaults ?? {}))
            bound.body[name] ??= 'filled';
        }
        expect(validate(plan, bound)).toEqual([]);
      }
      const page = await read(`workos.${slug}`);
      expect(page).toContain(`${operation.method} \`${operation.path}\``);
      expect(page).not.toMatch(/\]\(\//);
      for (const argument of Object.keys(argumentSchemaOf(operation)['properties'] ?? {})) {
        if (argument !== 'body') expect(page).toContain(`| \`${argument}\` |`);
      }
      for (const property of operation.body?.properties ?? []) expect(page).toContain(`| \`${property}\` |`);
    },
  );
});

/** Every property that a schema describes, as the page writes it below `prefix`. */
function propertiesBelow(schema: JsonSchema, prefix: string, open: readonly JsonSchema[] = []): string[] {
  const lookup = (name: string) => workos?.reader.schema(name);
  const resolved = resolve(schema, lookup);
  if (open.includes(resolved) || open.length > 5) return [];
  const inside = [...open, resolved];
  const parts = (['allOf', 'oneOf', 'anyOf'] as const).flatMap((keyword) =>
    variantsOf(resolved, keyword, lookup),
  );
  return [
    ...(parts.length > 12 ? [] : parts).flatMap((part) => propertiesBelow(part, prefix, inside)),
    ...Object.entries(propertiesOf(resolved)).flatMap(([name, property]) => {
      if (!isJsonObject(property)) return [];
      const items = resolve(property, lookup)['items'];
      const list = isJsonObject(items);
      const below = list ? items : property;
      return [prefix + name, ...propertiesBelow(below, `${prefix}${name}${list ? '[]' : ''}.`, inside)];
    }),
  ];
}

describe('the whole page of every function', () => {
  it.each(workos.reader.index.operations.map((entry) => [entry.slug, entry] as const))(
    '%s has no empty section, every parameter and every property of its document',
    async (slug, entry) => {
      const operation = workos.reader.operation(entry);
      const page = await read(`workos.${slug}`);
      for (const heading of ['Arguments', 'Returns', 'Errors', 'Examples']) {
        const section = findSection(page, heading);
        expect(section?.text.split('\n').slice(1).join('').trim(), heading).not.toBe('');
        expect(section, heading).not.toBe(null);
      }
      for (const name of [entry.luaName, slug, ...entry.aliases]) expect(page).toContain(name);
      for (const event of operation.events ?? []) expect(page).toContain(`\`${event}\``);
      for (const { argument, alias, description } of operation.parameters) {
        expect(page).toContain(`| \`${argument}\` |`);
        if (alias !== null) expect(page).toContain(`Also accepted as \`${alias}\`.`);
        expect(page).toContain(cell(description));
      }
      const words = operation.description.replace(/\[([^\]]*)\]\(\/[^)]*\)/g, '$1').trim();
      if (words.replace(/\.$/, '') !== operation.summary) expect(page).toContain(words);
      for (const path of propertiesBelow(operation.body?.schema ?? {}, '')) {
        expect(page).toContain(`| \`${path}\` |`);
      }
      const success = operation.responses.find(({ status }) => status.startsWith('2'));
      const returned = findSection(page, 'Returns')?.text ?? '';
      const redirects = operation.responses.some(({ status }) => status.startsWith('3'));
      for (const path of redirects ? [] : propertiesBelow(success?.schema ?? {}, '')) {
        const name = path.split('.').at(-1) ?? '';
        expect(returned).toMatch(new RegExp(`^\\s*${name}(\\[\\])?:`, 'm'));
      }
      for (const { status } of operation.responses) {
        if (/^[45]/.test(status)) expect(page).toContain(`- ${status}: `);
      }
    },
  );
});

describe('the page of a function whose answer has very many variants', () => {
  it('names what tells them apart', async () => {
    const page = await read('workos.list_events');
    for (const event of ['user.created', 'organization_membership.deleted', 'dsync.group.user_added']) {
      expect(page).toContain(`"${event}"`);
    }
    const { markdown } = await readPage('workos.list_events', { tokens: 'usual' });
    expect(markdown).toMatch(/event: "[a-z_.]+", .* and \d+ more/);
  });
});

describe('the page of an integration', () => {
  it('has the guide, the account’s fields and every function', async () => {
    const page = await read('workos');
    expect(page).toContain('# WorkOS');
    expect(page).toContain('`WORKOS_API_KEY`');
    expect(page).toContain('## Functions (172)');
    for (const name of workos.luaNames()) expect(page).toContain(`- \`${name}\` (`);
    for (const heading of [
      'Setting up',
      'Accounts',
      'Names and arguments',
      'Paging',
      'Errors',
      'Redirects',
      'Effects',
    ]) {
      expect(findSection(page, heading)?.text.length).toBeGreaterThan(80);
    }
    expect(findSection(page, 'Effects')?.text).toContain('seven GETs');
    expect(page).toMatch(/Compiled from npm:@workos\/openapi-spec \d/);
  });
});

describe('the general pages', () => {
  it('are listed with the integrations, and every page listed can be read', async () => {
    const names = docs.list().map(({ name }) => name);
    expect(names).toEqual([
      'overview',
      'errors',
      'examples',
      'accounts',
      'limits',
      'parallel',
      'integrations.workos',
    ]);
    for (const name of names) expect(await read(name)).toMatch(/^# /);
  });

  it('name every error code', async () => {
    for (const code of Object.keys(errorCatalogue)) expect(await read('errors')).toContain(`\`${code}\``);
  });

  it('that do not exist are answered with the nearest names', async () => {
    expect(await docs.read('workos.list_organisations')).toMatchObject({
      code: 'unknown_page',
      message: 'There is no page workos.list_organisations. Did you mean workos.list_organizations?',
    });
    expect(await docs.read('overwiew')).toMatchObject({
      message: 'There is no page overwiew. Did you mean overview?',
    });
    expect(await docs.read('')).toMatchObject({ code: 'unknown_page' });
  });
});

describe('search', () => {
  const questions = readFileSync(
    join(import.meta.dirname, '../../test/fixtures/workos-questions.tsv'),
    'utf8',
  )
    .trim()
    .split('\n')
    .map((line) => line.split('\t') as [string, string]);
  const rankOf = async (question: string, wanted: string) =>
    (await docs.search(question)).results.findIndex(
      ({ name }) => name === `workos.${wanted}` || name === wanted,
    );

  it('finds the right function for plain questions: among the first three mostly, first as a rule', async () => {
    const ranks = await Promise.all(
      questions.map(async ([question, wanted]) => ({
        question,
        wanted,
        rank: await rankOf(question, wanted),
      })),
    );
    const missed = ranks.filter(({ rank }) => rank < 0 || rank > 2);
    const first = ranks.filter(({ rank }) => rank === 0);
    expect(missed.length / ranks.length, JSON.stringify(missed)).toBeLessThanOrEqual(0.05);
    expect(
      first.length / ranks.length,
      JSON.stringify(ranks.filter(({ rank }) => rank > 0)),
    ).toBeGreaterThanOrEqual(0.8);
  });

  it('forgives misspelt words', async () => {
    expect(await rankOf('create organisation', 'create_organization')).toBeLessThan(3);
    expect(await rankOf('send invitaton', 'send_invitation')).toBe(0);
  });

  it('finds nothing for words that are nowhere, or none', async () => {
    expect((await docs.search('zzzzqqq')).results).toEqual([]);
    expect((await docs.search('')).results).toEqual([]);
    expect((await docs.search('the of and')).results).toEqual([]);
  });

  it('gives as many results as asked for, each a page that can be read', async () => {
    const { results } = await docs.search('organization', { limit: 4 });
    expect(results).toHaveLength(4);
    for (const { name } of results) expect(await read(name)).toContain('#');
    expect((await docs.search('organization', { limit: -1 })).results).toEqual([]);
  });

  it('finds pages too, and tells functions of one name apart', async () => {
    expect((await docs.search('errors')).results[0]?.name).toBe('errors');
    expect((await docs.search('workos')).results[0]?.name).toBe('integrations.workos');
    const names = (await docs.search('list groups', { limit: 20 })).results.map(({ name }) => name);
    expect(names).toContain('workos.workos_groups_list');
    expect(new Set(names).size).toBe(names.length);
  });
});

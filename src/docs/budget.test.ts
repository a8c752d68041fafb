import { join } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { Catalog, Integration } from '../catalog/index.ts';
import { ManifestReader } from '../manifest/index.ts';
import { manifestOf } from '../mcp/client/tool-manifest.ts';
import { failure } from '../support/errors.ts';
import { createDocs, estimateTokens, type ReadOptions, type ReadPage, usualTokens } from './index.ts';

const catalog = Catalog.open(join(import.meta.dirname, '../../dist/integrations'));
const workos = catalog.get('workos');
if (workos === undefined) throw new Error('workos is not built');
const functions = workos.luaNames().map((name) => `workos.${name}`);

const github = new Integration(
  'mcp.github',
  ManifestReader.of(
    manifestOf('github', 'GitHub', 'Issues and pull requests.\n\nSearch first.', [
      {
        name: 'search_issues',
        description: 'Searches issues. Give a query.',
        annotations: { readOnlyHint: true },
        inputSchema: {
          type: 'object',
          required: ['query'],
          properties: {
            query: { type: 'string', description: 'Words to look for.' },
            order: { type: 'string', enum: ['asc', 'desc'], default: 'desc' },
          },
        },
        outputSchema: {
          type: 'object',
          properties: {
            items: { type: 'array', items: { type: 'object', properties: { title: { type: 'string' } } } },
          },
        },
      },
      { name: 'close-issue', description: 'Closes an issue', inputSchema: { type: 'object' } },
    ]),
  ),
  null,
);
const servers = {
  names: () => ['github', 'slow'],
  integration: async (name: string) => {
    if (name === 'slow') return new Promise<never>(() => undefined);
    return name === 'github' ? github : failure('unknown_server', `No MCP server is called ${name}.`);
  },
};
const docs = createDocs(catalog, servers);
const read = async (page: string, options: ReadOptions = {}): Promise<ReadPage> => {
  const found = await docs.read(page, options);
  if ('code' in found) throw new Error(found.message);
  return found;
};

describe('the estimate of a text’s tokens', () => {
  it('is never much too low, nor far too high, for any page at any length', async () => {
    const pages = [
      ...functions,
      'workos',
      'overview',
      'errors',
      'examples',
      'accounts',
      'limits',
      'parallel',
    ];
    for (const page of pages) {
      for (const tokens of [300, 600, 1_000_000]) {
        const { markdown, tokens: estimated } = await read(page, { tokens });
        const ratio = estimated / countTokens(markdown);
        expect(ratio, page).toBeGreaterThan(0.95);
        expect(ratio, page).toBeLessThan(1.3);
      }
    }
  });

  it('holds for other texts too', () => {
    for (const text of [
      'The quick brown fox jumps over the lazy dog, and nobody minds.',
      'local user = app.integrations.workos.get_user{ user_id = "user_01E4ZCR3C56J083X43JQXF3JK5" }',
      '{"id":"org_01EHWNCE74X7JSDV0X3SZ3KJNY","created_at":"2026-01-15T12:00:00.000Z","count":1234567}',
      '| `name` | string | yes | Größe und Straße, äußerst übliche Wörter |',
    ]) {
      expect(estimateTokens(text) / countTokens(text), text).toBeGreaterThan(0.9);
    }
    expect(estimateTokens('')).toBe(0);
  });
});

describe('a page within a budget', () => {
  it.each(functions)('%s says what matters in 600 tokens', async (name) => {
    const { markdown, tokens, leftOut } = await read(name, { tokens: 'usual' });
    expect(countTokens(markdown)).toBeLessThanOrEqual(usualTokens.function * 1.03);
    expect(tokens).toBeLessThanOrEqual(usualTokens.function);
    expect(markdown).toContain(`app.integrations.${name}`);
    expect(markdown).toContain('## Arguments');
    expect(markdown).toContain('Effect: ');
    expect(markdown).toContain('```lua');
    for (const lacks of leftOut) expect(markdown).toContain(lacks);
  });

  it('names what was left out, and how to get it gets all of it', async () => {
    const short = await read('workos.authenticate', { tokens: 'usual' });
    const [, page = '', tokens = ''] =
      /docs\.read\("([^"]+)", \{ tokens = (\d+) \}\)/.exec(short.markdown) ?? [];
    const whole = await read(page, { tokens: Number(tokens) });
    expect(whole.leftOut).toEqual([]);
    expect(whole).toEqual(await read('workos.authenticate'));
    expect(whole.markdown).toContain('When `grant_type` is `"password"`:');
  });

  it('is whole when there is room, and says then that nothing is missing', async () => {
    const page = await read('workos.get_organization', { tokens: 5_000 });
    expect(page.leftOut).toEqual([]);
    expect(page.markdown).not.toContain('Left out');
  });

  it('says more with more room', async () => {
    let before = 0;
    for (const tokens of [200, 400, 800, 1_600, 3_200]) {
      const { markdown } = await read('workos.create_user', { tokens });
      expect(markdown.length).toBeGreaterThanOrEqual(before);
      before = markdown.length;
    }
  });

  it('is given at its shortest when even that is too long', async () => {
    const { markdown } = await read('workos.create_user', { tokens: 1 });
    expect(markdown).toContain('app.integrations.workos.create_user');
    expect(markdown).toContain('Required: `email`');
  });

  it('of an integration names every function in 1,500 tokens', async () => {
    const { markdown } = await read('integrations.workos', { tokens: 'usual' });
    expect(countTokens(markdown)).toBeLessThanOrEqual(usualTokens.other * 1.03);
    expect(markdown).toContain('Left out for the budget: ');
    for (const name of workos.luaNames()) expect(markdown).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it.each(['overview', 'errors', 'examples', 'accounts', 'limits', 'parallel'])(
    '%s fits, too',
    async (name) => {
      const { markdown } = await read(name, { tokens: 'usual' });
      expect(countTokens(markdown)).toBeLessThanOrEqual(usualTokens.other * 1.03);
    },
  );

  it('can be asked for in the reader’s own words', async () => {
    const ask = (page: string, tokens: number) => `lua_read_doc ${page} ${tokens}`;
    const { markdown } = await read('workos', { tokens: 600, ask });
    expect(markdown).toMatch(/lua_read_doc integrations\.workos \d+\n$/);
  });
});

describe('a section of a page', () => {
  it('is found by its heading, in any case, without its number', async () => {
    const { markdown } = await read('workos', { section: 'functions' });
    expect(markdown).toMatch(/^## Functions \(172\)\n/);
    expect(markdown).not.toContain('## Source');
    expect((await read('workos', { section: 'audit-logs' })).markdown).toContain('`create_event` (write)');
    expect((await read('workos.create_user', { section: 'Errors' })).markdown).toMatch(/^## Errors\n/);
  });

  it('that does not exist is answered with those that do', async () => {
    expect(await docs.read('workos.create_user', { section: 'Argumens' })).toMatchObject({
      code: 'unknown_page',
      message: 'The page workos.create_user has no section Argumens. Did you mean Arguments?',
      hint: 'It has: Arguments, Returns, Errors, Events, Examples.',
    });
  });

  it('that is too long is cut between its lines', async () => {
    const { markdown, leftOut } = await read('workos', { section: 'functions', tokens: 500 });
    expect(countTokens(markdown)).toBeLessThan(520);
    expect(leftOut).toEqual(['the end of this section']);
    expect(markdown).toMatch(/tokens = \d+/);
  });
});

describe('the pages of MCP servers', () => {
  it('are listed, found by search and read', async () => {
    expect(docs.list().map(({ name }) => name)).toContain('mcp.github');
    const {
      results: [found],
      unsearched,
    } = await docs.search('search issues');
    expect(unsearched).toEqual([{ server: 'slow', reason: 'it has not told its tools within 3 s' }]);
    expect(found).toMatchObject({
      name: 'mcp.github.search_issues',
      effect: 'read',
      signature: 'app.mcp.github.search_issues{ query: string, order?: "asc", "desc" }',
      required: ['query'],
    });
    const { markdown } = await read('mcp.github.search_issues');
    for (const part of [
      '# mcp.github.search_issues',
      '`app.mcp.github.search_issues`',
      'A tool of the MCP server github',
      '| `query` | string | yes |',
      'local result = app.mcp.github.search_issues{ query = "text" }',
      'kosmo mcp:call github search_issues --query text',
      'items[]:\n  title: string',
    ]) {
      expect(markdown).toContain(part);
    }
    expect(markdown).not.toContain('under `body`');
    expect((await read('app.mcp.github.search_issues')).markdown).toBe(markdown);
  });

  it('list their tools, by names that Lua can write', async () => {
    const { markdown } = await read('mcp.github');
    expect(markdown).toContain('# GitHub');
    expect(markdown).toContain('- `close_issue` (write): Closes an issue');
    expect((await read('mcp.github.close-issue')).markdown).toContain('app.mcp.github.close_issue');
  });

  it('that do not exist are answered with the nearest names', async () => {
    expect(await docs.read('mcp.githib')).toMatchObject({
      code: 'unknown_page',
      message: 'There is no page mcp.githib. Did you mean mcp.github?',
    });
    expect(await docs.read('mcp.github.search_isues')).toMatchObject({
      message: 'There is no page mcp.github.search_isues. Did you mean mcp.github.search_issues?',
    });
  });
});

describe('docs of a part of what there is', () => {
  it('know nothing of the rest', async () => {
    const some = createDocs(catalog, servers, { integrations: [], servers: ['github'] });
    expect(some.list().map(({ name }) => name)).toEqual([
      'overview',
      'errors',
      'examples',
      'accounts',
      'limits',
      'parallel',
      'mcp.github',
    ]);
    expect(await some.read('workos.list_users')).toMatchObject({ code: 'unknown_page' });
    expect((await some.search('list users')).results.filter(({ name }) => name.startsWith('workos'))).toEqual(
      [],
    );
    expect(await some.read('mcp.slow')).toMatchObject({ code: 'unknown_page' });
  });
});

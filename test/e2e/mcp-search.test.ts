import { createRequire } from 'node:module';
import { join } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type GatewayClient } from './gateway-clients.ts';
import { type Ended, type Envelope, Kosmo, repository } from './kosmo.ts';

const kosmo = new Kosmo();
const node = process.execPath;
const words = 'echo a message';
const silence = 'it has not told its tools within 3 s';
let lua: Envelope;
let command: Ended;
let json: Ended;
let gateway: GatewayClient;

beforeAll(async () => {
  const everything = createRequire(import.meta.url).resolve(
    '@modelcontextprotocol/server-everything/dist/index.js',
  );
  await kosmo.run(['mcp:add', 'every', '--', node, everything]);
  await kosmo.run([
    'mcp:add',
    'silent',
    '--',
    node,
    join(repository, 'test/e2e/mcp-servers/odd.mjs'),
    'silent',
  ]);
  await kosmo.run(['mcp:add', 'broken', '--', 'sh', '-c', 'echo "no luck today" >&2; exit 3']);
  gateway = await connect(kosmo, []);
  // Each waits for the server that says nothing.
  [lua, command, json] = await Promise.all([
    kosmo.lua(`return docs.search("${words}", { limit = 2 })`),
    kosmo.run(['integrations:search', words]),
    kosmo.run(['integrations:search', words, '--json']),
  ]);
});
afterAll(async () => {
  await gateway.close();
  kosmo.remove();
});

describe('a search that some servers have not answered', () => {
  it('finds what the others have, and says in Lua which were left out, and why', () => {
    const found = lua['result'] as { name: string; summary: string; score: number }[];
    expect(found[0]?.name).toBe('mcp.every.echo');
    expect(found).toHaveLength(4);
    expect(found.slice(2).sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      {
        name: 'mcp.broken',
        title: 'broken',
        summary: expect.stringMatching(/^Not searched: .*no luck today/) as string,
        score: 0,
      },
      { name: 'mcp.silent', title: 'silent', summary: `Not searched: ${silence}`, score: 0 },
    ]);
  });

  it('says so on the command line, with what to do, and leaves the answer as it is', () => {
    expect(command.status).toBe(0);
    expect(command.stdout).toMatch(/^FUNCTION +EFFECT +SUMMARY\nmcp\.every\.echo/);
    expect(command.stdout).not.toContain('silent');
    expect(command.stderr).toContain(
      `warning: mcp.silent was not searched: ${silence}\n  kosmo mcp:doctor silent tries it.\n`,
    );
    expect(command.stderr).toMatch(/warning: mcp\.broken was not searched: .*no luck today/);
    const { results, not_searched } = JSON.parse(json.stdout) as Envelope;
    expect(results[0].function).toBe('mcp.every.echo');
    expect(not_searched).toContainEqual({ server: 'silent', reason: silence });
  });

  it('says so to an agent, in few words', async () => {
    const { text, data } = await gateway.call('lua_search_docs', { query: words, limit: 2 });
    const last = text.split('\n').at(-1) ?? '';
    expect(last).toMatch(/^Not searched: .*mcp\.silent \(it has not told its tools within 3 s\)/);
    expect(last).toMatch(/mcp\.broken \(.*no luck today.*\)/);
    expect(countTokens(last)).toBeLessThan(100);
    expect(data['not_searched']).toHaveLength(2);
    expect(data['results']).toHaveLength(2);
  });

  it('waits for none of them when it is about something else', async () => {
    const { stderr, stdout } = await kosmo.run([
      'integrations:search',
      'list users',
      '--in',
      'workos',
      '--json',
    ]);
    expect([stderr, Object.keys(JSON.parse(stdout) as object)]).toEqual(['', ['query', 'results']]);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import luaparse from 'luaparse';
import { afterAll, describe, expect, it } from 'vitest';
import { Catalog, Integration } from '../catalog/index.ts';
import { createRuntime } from '../index.ts';
import { ManifestReader } from '../manifest/index.ts';
import { manifestOf } from '../mcp/client/tool-manifest.ts';
import { globalStubs, luaStubs } from './stubs.ts';

const home = mkdtempSync(join(tmpdir(), 'kosmo-stubs-'));
afterAll(() => rmSync(home, { recursive: true }));
const catalog = Catalog.open(join(import.meta.dirname, '../../dist/integrations'));
const workos = catalog.get('workos');
if (workos === undefined) throw new Error('workos is not built');
const tools = new Integration(
  'mcp.git-hub',
  ManifestReader.of(
    manifestOf('git-hub', 'GitHub', '', [
      {
        name: 'close-issue',
        description: 'Closes an issue.\nFor good.',
        inputSchema: {
          type: 'object',
          required: ['issue'],
          properties: { issue: { type: 'integer' }, 'sent-by': { type: ['string', 'null'] } },
        },
      },
    ]),
  ),
  null,
);
const stubs = luaStubs(workos, ['localhost', 'staging']);
const global = globalStubs([workos], [tools]);
const ofTools = luaStubs(tools, []);

/** What a LuaCATS comment can be here; every other comment line is words. */
const annotation =
  /^---@(?:meta|deprecated|generic [\w, :]+|class [\w.]+(?:: [\w.]+)?|field (?:[A-Za-z_]\w*|\[string\]|\["[^"]+"\])\?? \S.*|param [a-z]+\?? \S.*|return \S.*|overload fun\(.*\)(?:: \S.*)?)$/;

describe('annotations for lua-language-server', () => {
  it.each([
    ['of an integration', stubs],
    ['of the globals', global],
    ['of the tools of a server', ofTools],
  ])('%s are Lua, with annotations that are written as they must be', (_, text) => {
    expect(() => luaparse.parse(text, { luaVersion: '5.3' })).not.toThrow();
    const lines = text.split('\n').filter((line) => line.startsWith('---@'));
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      expect(line).toMatch(annotation);
      for (const [open, close] of [
        ['(', ')'],
        ['{', '}'],
        ['[', ']'],
      ] as const) {
        const plain = line.replace(/"(?:[^"\\]|\\.)*"/g, '""');
        expect(plain.split(open).length, line).toBe(plain.split(close).length);
      }
    }
  });

  it('name no class that is not declared', () => {
    const all = [stubs, global, ofTools].join('\n');
    const declared = new Set([...all.matchAll(/^---@class ([\w.]+)/gm)].map(([, name]) => name));
    const named = [...all.matchAll(/^---@(?:field \S+|param \S+|return|overload|class \S+:) .*$/gm)].flatMap(
      ([line]) => [...line.matchAll(/\b(?:workos|kosmo|mcp)\.[\w.]+/g)].map(([name]) => name),
    );
    expect(named.length).toBeGreaterThan(400);
    const types = named.filter((name) => /\.(?:Arguments|Functions|Accounts)$|\.schemas\./.test(name));
    expect(types.filter((name) => !declared.has(name))).toEqual([]);
  });

  it('have every function under every name, with its arguments', () => {
    for (const { luaName, slug, aliases } of workos.reader.index.operations) {
      for (const name of [luaName, slug, ...aliases])
        expect(stubs).toMatch(new RegExp(`^(?:function )?functions\\.${name}(?:\\(args\\) end| = )`, 'm'));
      expect(stubs).toContain(`---@class workos.${slug}.Arguments`);
    }
  });

  it('say what is needed, what the values are and what comes back', () => {
    const invitation = /---@class workos\.workos_userland_user_invites_create\.Arguments\n(.*?)\n\n/s.exec(
      stubs,
    )?.[1];
    expect(invitation).toContain('---@field email? string The email address of the recipient.');
    expect(invitation).toContain('---@field expires_in_days? integer');
    expect(invitation).toContain('---@field locale? "af"|"am"|');
    expect(stubs).toMatch(/---@return workos\.schemas\.\w+\nfunction functions\.send_invitation\(args\) end/);
    expect(stubs).toContain('---@field staging workos.Functions');
    expect(stubs).toMatch(
      /---@overload fun\(args: workos\.\w+\.Arguments\): \S+\n---@param args \S+\n---@return .*\nfunction functions\.list_groups/,
    );
    expect(ofTools).toContain('---@field issue integer');
    expect(ofTools).toContain('---@field ["sent-by"]? string|json.null');
    expect(global).toContain('---@field ["git-hub"] mcp.git_hub.Accounts');
  });

  it('declare every global that a program has and Lua has not, with everything in it', async () => {
    const kosmo = createRuntime({ home, localDatabase: ':memory:', environment: {} });
    const { result } = await kosmo.lua({
      name: 'globals.lua',
      source: `local lua = "_G _VERSION assert collectgarbage coroutine error getmetatable ipairs load math next os pairs pcall print rawequal rawget rawlen rawset select setmetatable string table tonumber tostring type utf8 xpcall"
        local known, found = {}, {}
        for name in lua:gmatch("%S+") do known[name] = true end
        for name, value in pairs(_G) do
          if not known[name] then
            found[#found + 1] = name
            if type(value) == "table" and name ~= "app" then
              for key in pairs(value) do found[#found + 1] = name .. "." .. key end
            end
          end
        end
        return found`,
    });
    await kosmo.close();
    expect(result).toContain('json.encode');
    for (const name of result as string[]) {
      const [table, key] = name.split('.');
      const declared =
        key === undefined
          ? [`function ${name}(`, `\n${name} = {}`]
          : [`function ${name}(`, `---@class kosmo.${table}\n---@field ${key} `];
      expect(
        declared.some((text) => global.includes(text)),
        name,
      ).toBe(true);
    }
  });
});

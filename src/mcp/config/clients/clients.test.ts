// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of settings are written so
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../../../support/errors.ts';
import type { Launch } from '../server-config.ts';
import {
  changeSettings,
  findClient,
  type Machine,
  mcpClients,
  readSettings,
  settingsFileOf,
} from './index.ts';

let folder: string;
let machine: Machine;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kosmo-clients-'));
  machine = { platform: 'linux', homeFolder: folder, folder: join(folder, 'project'), environment: {} };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const memory: Launch = {
  kind: 'stdio',
  command: 'npx',
  args: ['-y', 'memory'],
  env: { FILE: '/tmp/a "b".json' },
  cwd: null,
};
const tracker: Launch = {
  kind: 'http',
  url: 'https://mcp.example.com/mcp',
  headers: { Authorization: 'Bearer ${TRACKER_TOKEN}', 'X-Team': 'a' },
  transport: 'auto',
};

const userFile = (name: string) => settingsFileOf(findClient(name), 'user', machine);

function settings(name: string, text: string): string {
  const file = userFile(name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

async function put(name: string, server: string, launch: Launch | null): Promise<string> {
  const file = userFile(name);
  await changeSettings(findClient(name), file, machine, server, launch);
  return readFileSync(file, 'utf8');
}

async function read(name: string) {
  const { servers, faults } = await readSettings(findClient(name), userFile(name), machine);
  return { servers: Object.fromEntries(servers.map((server) => [server.name, server])), faults };
}

describe('the settings of every client', () => {
  it.each(mcpClients.map(({ name }) => name))('%s give back the server that was put in', async (name) => {
    await put(name, 'memory', memory);
    const { servers, faults } = await read(name);
    expect(faults).toEqual([]);
    expect(servers['memory']?.launch).toEqual(memory);
    await put(name, 'memory', null);
    expect((await read(name)).servers).toEqual({});
  });

  it.each(mcpClients.map(({ name }) => name).filter((name) => name !== 'claude-desktop'))(
    '%s give back a server that is a URL, its token a variable',
    async (name) => {
      const text = await put(name, 'tracker', tracker);
      const { launch } = (await read(name)).servers['tracker'] ?? {};
      const headers = {
        Authorization: expect.stringMatching(/^Bearer \$\{(env:)?TRACKER_TOKEN\}$/) as string,
      };
      expect(launch).toMatchObject({ ...tracker, headers: { ...headers, 'X-Team': 'a' } });
      expect(text).toContain('TRACKER_TOKEN');
    },
  );

  it('are where each system has them', () => {
    const on = (platform: NodeJS.Platform, environment = {}) =>
      mcpClients.map((client) => client.userFile({ ...machine, homeFolder: '/h', platform, environment }));
    expect(on('darwin')).toEqual([
      '/h/.claude.json',
      '/h/Library/Application Support/Claude/claude_desktop_config.json',
      '/h/.cursor/mcp.json',
      '/h/Library/Application Support/Code/User/mcp.json',
      '/h/.codex/config.toml',
      '/h/.gemini/settings.json',
      '/h/.codeium/windsurf/mcp_config.json',
    ]);
    expect(on('linux')[3]).toBe('/h/.config/Code/User/mcp.json');
    expect(on('win32', { APPDATA: '/a' })[1]).toBe('/a/Claude/claude_desktop_config.json');
    expect(on('linux', { CODEX_HOME: '/c' })[4]).toBe('/c/config.toml');
  });
});

describe('a file that is there already', () => {
  it('in JSON keeps its comments, other keys, indentation and permissions', async () => {
    const before =
      '{\n    // mine\n    "theme": "dark",\n    "mcpServers": {\n        "old": { "command": "x" }, // keep\n    },\n}\n';
    const file = settings('gemini', before);
    const { mode } = statSync(file);
    const after = await put('gemini', 'memory', memory);
    for (const kept of ['// mine', '"theme": "dark"', '"old": { "command": "x" }', '// keep'])
      expect(after).toContain(kept);
    expect(after).toContain('        "memory": {\n            "command": "npx"');
    expect(statSync(file).mode).toBe(mode);
    expect(Object.keys((await read('gemini')).servers)).toEqual(['memory', 'old']);
  });

  it('in TOML keeps its comments and other tables; a new server is a table of its own', async () => {
    const before = `# mine\nmodel = "m" # best\n\n[mcp_servers.old]\ncommand = "x" # keep\nstartup_timeout_sec = 20\n\n[profiles.a]\nmodel = "n"\n`;
    settings('codex', before);
    const added = await put('codex', 'memory', memory);
    expect(added.startsWith(before)).toBe(true);
    expect(added.slice(before.length)).toContain('[mcp_servers.memory]\ncommand = "npx"\n');
    const replaced = await put('codex', 'memory', { ...memory, args: ['other'] });
    expect(replaced.match(/memory\]/g)).toHaveLength(1);
    expect(await put('codex', 'memory', null)).toContain('command = "x" # keep\nstartup_timeout_sec = 20');
    expect(Object.keys((await read('codex')).servers)).toEqual(['old']);
  });

  it('in TOML may have its servers in braces', async () => {
    settings('codex', 'mcp_servers = { old = { command = "x" } }\n');
    await put('codex', 'memory', memory);
    expect(Object.keys((await read('codex')).servers).sort()).toEqual(['memory', 'old']);
  });

  it.each([
    ['cursor', '{ "mcpServers": {\n "a": }', 'line 2, column 7'],
    ['codex', 'a = 1\n[x', 'line 2, column'],
  ])('of %s that is broken is told with the place, and left as it is', async (name, text, place) => {
    const file = settings(name, text);
    expect((await read(name)).faults[0]?.message).toContain(place);
    const failed = await put(name, 'memory', memory).catch(failureOf);
    expect(failed).toMatchObject({ code: 'settings_invalid' });
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});

describe('what a client writes in its own way', () => {
  it('is read: Codex has keys for variables', async () => {
    settings(
      'codex',
      '[mcp_servers.a]\nurl = "https://a.example/mcp"\nbearer_token_env_var = "T"\nhttp_headers = { X = "1" }\nenv_http_headers = { Y = "V" }\n[mcp_servers.b]\ncommand = "b"\nenv_vars = ["K", { name = "L", source = "local" }]\nenabled = false\n',
    );
    const { servers } = await read('codex');
    expect(servers['a']?.launch).toMatchObject({
      headers: { X: '1', Y: '${V}', Authorization: 'Bearer ${T}' },
    });
    expect(servers['b']).toMatchObject({ enabled: false, launch: { env: { K: '${K}', L: '${L}' } } });
  });

  it('is read: Gemini has $NAME, and a bare url is the older transport', async () => {
    settings(
      'gemini',
      '{"mcpServers":{"a":{"command":"a","env":{"K":"$TOKEN"}},"b":{"url":"http://b/sse"},"c":{"httpUrl":"http://c/mcp"},"d":{"url":"http://d/mcp","type":"http"}}}',
    );
    const { servers } = await read('gemini');
    expect(servers['a']?.launch).toMatchObject({ env: { K: '${TOKEN}' } });
    expect(['b', 'c', 'd'].map((name) => servers[name]?.launch)).toMatchObject([
      { transport: 'sse' },
      { transport: 'auto' },
      { transport: 'auto' },
    ]);
  });

  it('is read: what VS Code asks for is a secret, and Claude Code has servers of one folder', async () => {
    settings('vscode', '{"servers":{"a":{"command":"a","env":{"K":"${input:api-key}"}}}}');
    expect((await read('vscode')).servers['a']?.launch).toMatchObject({ env: { K: '${secret:api-key}' } });
    settings(
      'claude-code',
      JSON.stringify({
        projects: { [machine.folder]: { mcpServers: { here: { command: 'h' } } }, '/x': {} },
      }),
    );
    expect(Object.keys((await read('claude-code')).servers)).toEqual(['here']);
  });

  it.each([
    ['claude-desktop', tracker, 'connector'],
    ['claude-desktop', { ...memory, env: { K: '${TOKEN}' } }, 'Claude Desktop does not fill in ${TOKEN}'],
    ['cursor', { ...memory, env: { K: '${secret:key}' } }, "it needs kosmo's secret key"],
    ['codex', { ...memory, args: ['${TOKEN}'] }, 'Codex does not fill in ${TOKEN}'],
  ] as const)('%s is not given what it cannot have', async (name, launch, said) => {
    const failed = await put(name, 'a', launch).catch(failureOf);
    expect(failed).toMatchObject({
      code: 'not_configured',
      message: expect.stringContaining(said) as string,
    });
  });
});

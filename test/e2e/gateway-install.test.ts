import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { parse } from 'jsonc-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from './gateway-clients.ts';
import { binary, type Envelope, Kosmo } from './kosmo.ts';

let kosmo: Kosmo;
beforeEach(() => {
  kosmo = new Kosmo();
});
afterEach(() => kosmo.remove());

const clients = ['claude-code', 'claude-desktop', 'cursor', 'vscode', 'codex', 'gemini', 'windsurf'];
const exported = async (client: string, ...options: string[]) => {
  const { stdout } = await kosmo.run(['mcp:gateway:export', client, '--json', ...options]);
  return JSON.parse(stdout) as { file: string; text: string };
};

describe('mcp:gateway:install', () => {
  it.each(clients)(
    'writes settings for %s that start a gateway, and leaves all else as it is',
    async (client) => {
      const { file } = await exported(client);
      expect(file.startsWith(kosmo.home)).toBe(true);
      mkdirSync(dirname(file), { recursive: true });
      const before = file.endsWith('.toml')
        ? '# mine\nmodel = "x"\n\n[mcp_servers.other]\ncommand = "true"\n'
        : '{\n  // mine\n  "theme": "dark",\n  "mcpServers": { "other": { "command": "true" } }\n}\n';
      writeFileSync(file, before);
      const { status, stdout } = await kosmo.run(['mcp:gateway:install', client, '--local', '--write=allow']);
      expect([status, stdout]).toEqual([0, expect.stringContaining(file)]);
      const after = readFileSync(file, 'utf8');
      for (const kept of ['mine', file.endsWith('.toml') ? 'model = "x"' : '"theme": "dark"', 'other'])
        expect(after).toContain(kept);

      const { command, args, env } = entryIn(after, file);
      const transport = new StdioClientTransport({ command, args, env: { ...kosmo.environment(), ...env } });
      const agent = new Client({ name: client, version: '1' }, { versionNegotiation: { mode: 'auto' } });
      await agent.connect(transport);
      const code = 'return #app.integrations.workos.list_organizations{}.data > 0';
      const made = await agent.callTool({ name: 'execute_lua', arguments: { code } });
      expect(made.structuredContent).toMatchObject({ result: true });
      await agent.close();

      // Once more changes nothing.
      await kosmo.run(['mcp:gateway:install', client, '--local', '--write=allow']);
      expect(readFileSync(file, 'utf8')).toBe(after);
    },
  );

  it('shows what it would write, and writes nothing, when it is only tried', async () => {
    const { stdout, stderr } = await kosmo.run(['mcp:gateway:install', 'cursor', '--dry-run', '--write=ask']);
    expect(JSON.parse(stdout)).toEqual({
      mcpServers: {
        kosmo: {
          command: process.execPath,
          args: [binary, 'mcp:serve', '--write=ask'],
          env: { KOSMO_HOME: join(kosmo.home, 'kosmo') },
        },
      },
    });
    expect(stderr).toContain('which was not changed');
    expect(() => readFileSync(join(kosmo.home, '.cursor/mcp.json'))).toThrow();
  });

  it('names a gateway that runs already, and never its token', async () => {
    const url = 'http://127.0.0.1:4110/mcp';
    const { text } = await exported('claude-code', '--url', url, '--token');
    expect(parse(text)).toEqual({
      mcpServers: { kosmo: { type: 'http', url, headers: { Authorization: `Bearer \${KOSMO_MCP_TOKEN}` } } },
    });
    const cursor = await exported('cursor', '--url', url, '--token');
    expect(cursor.text).toContain(`Bearer \${env:KOSMO_MCP_TOKEN}`);
    const codex = await exported('codex', '--url', url, '--token');
    expect(codex.text).toContain('KOSMO_MCP_TOKEN');
  });

  it('takes another name, other words to start kosmo, another file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kosmo-settings-'));
    const file = join(folder, 'mcp.json');
    const options = ['--file', file, '--name', 'work', '--command', 'npx kosmo', '--servers', 'none'];
    await kosmo.run(['mcp:gateway:install', 'vscode', ...options]);
    expect(parse(readFileSync(file, 'utf8'))).toMatchObject({
      servers: { work: { type: 'stdio', command: 'npx', args: ['kosmo', 'mcp:serve', '--servers', 'none'] } },
    });
    rmSync(folder, { recursive: true });
  });

  it('says what it does not take, and leaves a damaged file alone', async () => {
    for (const [args, said] of [
      [['netscape'], 'kosmo knows no client netscape.'],
      [['windsurf', '--project'], 'has no settings of a project'],
      [['cursor', '--token'], '--token needs --url.'],
      [['cursor', '--url', 'ftp://x'], 'is no http or https URL'],
      [['cursor', '--name', 'a b'], 'cannot be the name of a server'],
    ] as const) {
      const { status, stderr } = await kosmo.run(['mcp:gateway:install', ...args]);
      expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
    }
    const file = join(kosmo.home, 'broken.json');
    writeFileSync(file, '{ "mcpServers": ');
    const { status } = await kosmo.run(['mcp:gateway:install', 'cursor', '--file', file]);
    expect([status, readFileSync(file, 'utf8')]).toEqual([4, '{ "mcpServers": ']);
  });
});

it('kosmo among its own servers does not start itself without end', async () => {
  await kosmo.run(['mcp:add', 'kosmo', '--', process.execPath, binary, 'mcp:serve', '--classic']);
  const client = await connect(kosmo, ['--local', '--classic']);
  const tools = await client.tools();
  expect(tools.some(({ name }) => name.startsWith('mcp__'))).toBe(false);
  expect(tools.length).toBeGreaterThan(50);
  await client.close();
  const { error } = await kosmo.lua('return app.mcp.kosmo');
  expect(error.message).toContain('kosmo cannot be one of its own MCP servers');
});

/** The gateway's entry in a client's settings. */
function entryIn(
  text: string,
  file: string,
): { command: string; args: string[]; env: Record<string, string> } {
  if (!file.endsWith('.toml')) {
    const settings = parse(text) as Envelope;
    return (settings['servers'] ?? settings['mcpServers']).kosmo;
  }
  const value = (key: string) =>
    JSON.parse(
      new RegExp(`^${key} = (.*)$`, 'm').exec(text.slice(text.indexOf('[mcp_servers.kosmo]')))?.[1] ?? 'null',
    ) as unknown;
  return {
    command: String(value('command')),
    args: value('args') as string[],
    env: { KOSMO_HOME: String(value('KOSMO_HOME')) },
  };
}

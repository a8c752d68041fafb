import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRuntime } from '../../src/runtime/index.ts';
import { binary, ended, envelopeOf, Kosmo } from './kosmo.ts';

const require = createRequire(import.meta.url);
const serverOf = (name: string) => require.resolve(`@modelcontextprotocol/${name}/dist/index.js`);
const kosmo = new Kosmo();
const project = mkdtempSync(join(tmpdir(), 'kosmo-project-'));
beforeAll(async () => {
  const add = (name: string, ...command: string[]) => kosmo.run(['mcp:add', name, '--', ...command]);
  await add('every', process.execPath, serverOf('server-everything'));
  await add('gone', 'no-such-program');
  await add('dies', 'sh', '-c', 'echo "no luck today" >&2; exit 3');
  await add('garbage', 'sh', '-c', 'echo this is no message; cat >/dev/null');
  const memory = ['mcp:add', 'memory', '--env', `MEMORY_FILE_PATH=${join(project, 'memory.json')}`, '--'];
  await kosmo.run([...memory, process.execPath, serverOf('server-memory')]);
});
afterAll(() => {
  kosmo.remove();
  rmSync(project, { recursive: true, force: true });
});

const lua = (program: string, ...options: string[]) => kosmo.lua(program, ...options);

describe('mcp:add, mcp:list and mcp:remove', () => {
  it('keep servers in a file that other clients read, too', async () => {
    const file = JSON.parse(readFileSync(join(kosmo.home, 'kosmo/mcp.json'), 'utf8')) as {
      mcpServers: Record<string, unknown>;
    };
    expect(file.mcpServers['gone']).toEqual({ command: 'no-such-program', args: [] });
    const { stdout } = await kosmo.run(['mcp:list', '--json']);
    const { servers } = JSON.parse(stdout) as { servers: { name: string; state: string }[] };
    expect(servers.map(({ name, state }) => `${name} ${state}`)).toEqual(
      ['every', 'gone', 'dies', 'garbage', 'memory'].map((name) => `${name} trusted`),
    );
  });

  it('refuse what cannot be, and say what they take', async () => {
    for (const [args, said] of [
      [['mcp:add', 'x'], 'It takes a command after --, or --url.'],
      [['mcp:add', 'x', '--url', 'ftp://x'], 'no http or https URL'],
      [['mcp:add', 'a b', '--', 'true'], 'cannot be the name of a server'],
    ] as const) {
      const { status, stderr } = await kosmo.run(args);
      expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
    }
    expect((await kosmo.run(['mcp:remove', 'nothing'])).stderr).toContain('No MCP server is called nothing.');
    await kosmo.run(['mcp:add', 'brief', '--', 'true']);
    expect(await kosmo.run(['mcp:remove', 'brief'])).toMatchObject({ status: 0, stdout: 'Removed brief.\n' });
  });
});

describe('a tool of a server', () => {
  it('is called by its Lua name and by its own, its answer a value', async () => {
    const run = await lua(
      'return { app.mcp.every.echo{ message = "hi" }, app.mcp.every["get-structured-content"]{ location = "New York" }.conditions }',
      '--force',
    );
    expect(run).toMatchObject({ success: true, result: ['Echo: hi', expect.any(String)] });
    expect(run['integration_calls'][0]).toMatchObject({
      function: 'mcp.every.echo',
      account: 'default',
      effect: 'read',
      attempts: 1,
    });
  });

  it('has its arguments checked before anything is sent', async () => {
    const { error, integration_calls } = await lua('app.mcp.every.echo{ massage = 1 }', '--force');
    expect(error.message).toContain('massage: unknown argument. Did you mean message?');
    expect(integration_calls[0].attempts).toBe(0);
  });

  it('needs approval unless its server says that it only reads', async () => {
    expect(await lua('app.mcp.memory.create_entities{ entities = json.array{} }')).toMatchObject({
      status: 3,
      error: { code: 'approval_required' },
    });
    const allowed = await lua(
      'app.mcp.memory.create_entities{ entities = { { name = "Mara", entityType = "person", observations = { "runs it" } } } } return app.mcp.memory.read_graph{}.entities[1].name',
      '--force',
    );
    expect(allowed['result']).toBe('Mara');
  });

  it('puts bytes into a file and gives its path', async () => {
    const { result } = await lua('return app.mcp.every.get_tiny_image{}', '--force');
    const image = (result as { type?: string; path: string }[]).find(({ type }) => type === 'image');
    expect(
      readFileSync(image?.path ?? '')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  it('raises its own words when it fails', async () => {
    const { result } = await lua(
      'local ok, e = pcall(app.mcp.every.gzip_file_as_resource, { data = "nowhere" }) return { ok, e.kind, e.message }',
      '--force',
    );
    expect(result).toEqual([
      false,
      expect.stringMatching(/tool_error|invalid_arguments/),
      expect.any(String),
    ]);
  });
});

describe('a server', () => {
  it('lists its tools, resources and prompts', async () => {
    const { result } = await lua(
      'return { #mcp.tools("every") > 5, mcp.schema("every", "echo").parameters.required, mcp.resources("every")[1].uri ~= nil, mcp.prompts("every")[1].name, #mcp.get_prompt("every", "simple-prompt").messages }',
    );
    expect(result).toEqual([true, ['message'], true, 'simple-prompt', 1]);
    const tools = await kosmo.run(['mcp:tools', 'every']);
    expect(tools.stdout).toMatch(/^echo +read +Echo/m);
  });

  it.each([
    ['gone', 'it ended before it answered (exit code 127)'],
    ['dies', 'no luck today'],
    ['nobody', 'No MCP server is called nobody.'],
  ])('%s says why it does not answer', async (name, said) => {
    const { error } = await lua(`app.mcp.${name}.tool{}`, '--force');
    expect(error.message).toContain(said);
  });

  it('and a tool that are not there are told with the nearest name', async () => {
    expect((await lua('app.mcp.evry.echo{}'))['error'].message).toContain('Did you mean every?');
    expect((await lua('app.mcp.every.ecko{}'))['error'].message).toContain('Did you mean echo?');
  });

  it('ends with the run, and with kosmo however that ends', async () => {
    await kosmo.run([
      'mcp:add',
      'sleeper',
      '--',
      'sh',
      '-c',
      `echo $$ > ${join(project, 'pid')}; exec sleep 300`,
    ]);
    const child = kosmo.start(['mcp:lua', '--eval', 'app.mcp.sleeper.tool{}']);
    const pid = await eventually(() => Number(readFileSync(join(project, 'pid'), 'utf8')));
    expect(isRunning(pid)).toBe(true);
    child.kill('SIGKILL');
    await ended(child);
    await eventually(() => (isRunning(pid) ? 0 : 1));
    expect(isRunning(pid)).toBe(false);
  });
});

describe('the servers of a project', () => {
  const inProject = async (...args: string[]) => {
    const { spawnSync } = await import('node:child_process');
    const env = { PATH: process.env['PATH'] ?? '', HOME: kosmo.home, KOSMO_HOME: join(kosmo.home, 'kosmo') };
    return spawnSync(process.execPath, [binary, ...args], { cwd: project, env, encoding: 'utf8' });
  };
  const configure = (command: string[]) => {
    const [program, ...args] = command;
    writeFileSync(
      join(project, '.mcp.json'),
      JSON.stringify({ mcpServers: { ours: { command: program, args }, every: { command: 'false' } } }),
    );
  };
  const program = 'return app.mcp.ours.echo{ message = "hi" }';

  it('run only when they are trusted, and again when they have changed', async () => {
    configure([process.execPath, serverOf('server-everything')]);
    const refused = await inProject('integrations:lua', '--json', '--force', '--eval', program);
    expect(refused.status).toBe(3);
    expect(envelopeOf(refused.stdout)['error']).toMatchObject({
      code: 'untrusted_server',
      hint: expect.stringContaining('kosmo mcp:trust ours') as string,
    });
    expect((await inProject('mcp:trust', 'ours')).stdout).toContain('server-everything');
    const run = await inProject('integrations:lua', '--json', '--force', '--eval', program);
    expect(envelopeOf(run.stdout)['result']).toBe('Echo: hi');
    configure([process.execPath, serverOf('server-everything'), 'stdio']);
    const changed = await inProject('integrations:lua', '--json', '--force', '--eval', program);
    expect(envelopeOf(changed.stdout)['error'].message).toContain('has changed since it was trusted');
  });

  it('do not take the place of the user’s own, and a broken file is told', async () => {
    const { stdout } = await inProject('mcp:list', '--json');
    const { servers } = JSON.parse(stdout) as { servers: { name: string; state: string; scope: string }[] };
    expect(servers.filter(({ name }) => name === 'every').map(({ state }) => state)).toEqual([
      'trusted',
      'shadowed',
    ]);
    writeFileSync(join(project, '.mcp.json'), '{ "mcpServers": {\n "a": }');
    expect((await inProject('mcp:list')).stderr).toContain('line 2, column 7');
  });
});

it('a runtime that goes on keeps a server between runs', async () => {
  const runtime = createRuntime({
    home: join(kosmo.home, 'kosmo'),
    environment: { PATH: process.env['PATH'] },
  });
  const source = 'return app.mcp.memory.open_nodes{ names = { "Mara" } }.entities[1].observations[1]';
  const first = await runtime.lua({ source, name: 'first' });
  const second = await runtime.lua({ source, name: 'second' });
  await runtime.close();
  expect([first.result, second.result]).toEqual(['runs it', 'runs it']);
});

async function eventually(probe: () => number): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    try {
      const value = probe();
      if (value > 0) return value;
    } catch {
      // Not yet.
    }
    await delay(50);
  }
  throw new Error('It did not happen.');
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of settings are written so
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envelopeOf, Kosmo } from './kosmo.ts';

const require = createRequire(import.meta.url);
const serverOf = (name: string) => require.resolve(`@modelcontextprotocol/${name}/dist/index.js`);
const kosmo = new Kosmo();
const folder = mkdtempSync(join(tmpdir(), 'kosmo-mcp-'));
beforeAll(async () => {
  writeFileSync(join(folder, 'note.txt'), 'a note\n');
  await kosmo.run(['mcp:add', 'every', '--', process.execPath, serverOf('server-everything')]);
  await kosmo.run(['mcp:add', 'files', '--', process.execPath, serverOf('server-filesystem'), folder]);
  await kosmo.run(['mcp:add', 'dies', '--', 'sh', '-c', 'echo "no luck today" >&2; exit 3']);
});
afterAll(() => {
  kosmo.remove();
  rmSync(folder, { recursive: true, force: true });
});

const json = async (...args: string[]) => envelopeOf((await kosmo.run([...args, '--json'])).stdout);

describe('mcp:call and its short form mcp:SERVER', () => {
  it('take the arguments of a tool as flags, as JSON, or both', async () => {
    expect((await kosmo.run(['mcp:call', 'every', 'echo', '--message', 'hi'])).stdout).toBe('Echo: hi\n');
    expect((await kosmo.run(['mcp:every', 'get-sum', '{"a":1}', '--b', '2'])).stdout).toContain('is 3');
    expect((await kosmo.run(['mcp:every', 'echo'], '{"message":"piped"}')).stdout).toBe('Echo: piped\n');
  });

  it('print an envelope whose status is null: a tool’s answer has none', async () => {
    expect(await json('mcp:every', 'echo', '--message', 'hi')).toMatchObject({
      function: 'mcp.every.echo',
      success: true,
      data: 'Echo: hi',
      meta: { effect: 'read', status: null, attempts: 1 },
    });
  });

  it('show in a tool’s help what it takes, and none of what it has not', async () => {
    const { stdout } = await kosmo.run(['mcp:every', 'echo', '--help']);
    expect(stdout).toContain('--message <text>');
    expect(stdout).toContain('kosmo mcp:call every echo --message');
    expect(stdout).not.toMatch(/--account|--paginate|--local/);
  });

  it('check arguments before anything is sent, and name what is near', async () => {
    const wrong = await kosmo.run(['mcp:call', 'every', 'echo', '--arg', 'massage=1']);
    expect(wrong).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Did you mean message?') as string,
    });
    const unknown = await kosmo.run(['mcp:every', 'ecko']);
    expect(unknown.stderr).toContain('The MCP server every has no tool ecko. Did you mean echo?');
    expect((await kosmo.run(['mcp:evry', 'echo'])).stderr).toContain('Did you mean mcp:every?');
    expect((await json('mcp:call', 'evry', 'echo'))['error']).toMatchObject({ code: 'unknown_server' });
  });

  it('keep to the policy: what changes something needs approval', async () => {
    const args = ['mcp:call', 'files', 'write_file', '--path', join(folder, 'new.txt'), '--content', 'x'];
    expect((await kosmo.run(args)).status).toBe(3);
    const planned = await kosmo.run([...args, '--dry-run', '--json']);
    expect(envelopeOf(planned.stdout)).toMatchObject({ data: { method: 'TOOL' } });
    expect((await kosmo.run([...args, '--force'])).status).toBe(0);
    expect(readFileSync(join(folder, 'new.txt'), 'utf8')).toBe('x');
  });
});

it('--allow and --deny name the tools of a server for one run', async () => {
  const write = ['mcp:files', 'write_file', '--path', join(folder, 'run.txt'), '--content', 'x'];
  expect((await kosmo.run([...write, '--allow', 'write_*'])).status).toBe(0);
  const program = `return app.mcp.files.write_file{ path = ${JSON.stringify(join(folder, 'l.txt'))}, content = "x" }`;
  const lua = (...options: string[]) => kosmo.run(['mcp:lua', '--eval', program, ...options]);
  expect((await lua('--allow', 'mcp.files.*')).status).toBe(0);
  expect((await lua('--allow', 'mcp.other.*')).stderr).toContain('No MCP server fits mcp.other.*');
  expect((await lua('--json', '--force', '--deny', 'mcp.*')).stdout).toContain('"code":"denied"');
});

describe('mcp:trust', () => {
  it('says which tools of a server need no approval, and which are never called', async () => {
    const write = (name: string) =>
      kosmo.run(['mcp:files', 'write_file', '--path', join(folder, name), '--content', 'x']);
    expect((await write('a.txt')).stderr).toContain('kosmo mcp:trust files --allow mcp.files.write_file');
    await kosmo.run(['mcp:trust', 'files', '--allow', 'mcp.files.write_*', '--deny', 'move_*']);
    expect((await write('b.txt')).status).toBe(0);
    const moved = ['mcp:files', 'move_file', '--source', join(folder, 'b.txt'), '--destination', '/c'];
    expect((await json(...moved, '--force'))['error']).toMatchObject({ code: 'denied' });
    const forget = ['--forget', 'mcp.files.write_*', '--forget', 'move_*'];
    await kosmo.run(['mcp:trust', 'files', ...forget]);
    expect((await write('c.txt')).status).toBe(3);
  });
});

describe('mcp:schema, mcp:resources, mcp:resource, mcp:prompts and mcp:prompt', () => {
  it('show what a server has', async () => {
    expect(await json('mcp:schema', 'files', 'read_text_file')).toMatchObject({
      effect: 'read',
      parameters: { required: ['path'] },
    });
    const { resources } = await json('mcp:resources', 'every');
    const [first] = resources as { uri: string }[];
    expect((resources as object[]).some((entry) => 'uriTemplate' in entry)).toBe(true);
    const { stdout } = await kosmo.run(['mcp:resource', 'every', first?.uri ?? '']);
    expect(stdout).toMatch(/^# /);
    expect((await json('mcp:prompts', 'every'))['prompts'][0].name).toBe('simple-prompt');
    const prompt = await kosmo.run(['mcp:prompt', 'every', 'args-prompt', '--arg', 'city=Oslo']);
    expect(prompt.stdout).toBe("user: What's weather in Oslo?\n");
  });

  it('say it when a server has nothing of the kind', async () => {
    expect(await kosmo.run(['mcp:prompts', 'files'])).toMatchObject({
      status: 0,
      stderr: 'files has no prompts.\n',
    });
  });
});

describe('mcp:status and mcp:doctor', () => {
  it('reach every server, and fail for one that is not there', async () => {
    const { servers } = await json('mcp:status');
    const states = (servers as { name: string; state: string; tools: number | null }[]).map(
      ({ name, state, tools }) => `${name} ${state} ${tools === null ? 0 : Math.sign(tools)}`,
    );
    expect(states).toEqual(['every reached 1', 'files reached 1', 'dies unreachable 0']);
    expect((await kosmo.run(['mcp:status'])).status).toBe(1);
    expect((await kosmo.run(['mcp:status', 'files'])).status).toBe(0);
  });

  it('show what a server that ended wrote to its standard error, and how to go on', async () => {
    const { status, stdout } = await kosmo.run(['mcp:doctor', 'dies']);
    expect(status).toBe(1);
    expect(stdout).toContain('FAIL  reachable');
    expect(stdout).toContain('| no luck today');
    await kosmo.run(['mcp:add', 'missing', '--', 'no-such-program']);
    const missing = await kosmo.run(['mcp:doctor', 'missing']);
    expect(missing.stdout).toContain('There is no program no-such-program.');
    await kosmo.run(['mcp:remove', 'missing']);
  });
});

describe('mcp:disable and mcp:enable', () => {
  it('keep a server from running, and let it run again', async () => {
    expect((await kosmo.run(['mcp:disable', 'every'])).stdout).toBe('every is disabled.\n');
    const refused = await kosmo.run(['mcp:every', 'echo', '--message', 'x']);
    expect(refused).toMatchObject({
      status: 4,
      stderr: expect.stringContaining('kosmo mcp:enable every') as string,
    });
    expect((await kosmo.run(['mcp:enable', 'every'])).stdout).toBe('every is enabled.\n');
    expect((await kosmo.run(['mcp:every', 'echo', '--message', 'x'])).status).toBe(0);
  });
});

describe('a secret', () => {
  const secret = 'not-for-anyone-s3cret';

  it('is kept encrypted, listed by its name, filled in, and shown nowhere', async () => {
    const { stdout } = await kosmo.run(['mcp:secret:set', 'token'], `${secret}\n`);
    expect(stdout).toContain('${secret:token}');
    expect(await json('mcp:secret:list')).toEqual({ secrets: ['token'] });
    expect(readFileSync(join(kosmo.home, 'kosmo/credentials.json'), 'utf8')).not.toContain(secret);
    const env = ['--env', 'TOKEN=${secret:token}'];
    await kosmo.run(['mcp:add', 'env', ...env, '--', process.execPath, serverOf('server-everything')]);
    const run = await kosmo.run(['mcp:env', 'get-env']);
    // The server was given it, and tells it: what kosmo shows has it taken out.
    expect(run.stdout).toContain('[redacted]');
    const listed = await kosmo.run(['mcp:list', '--json']);
    for (const text of [run.stdout, run.stderr, listed.stdout]) expect(text).not.toContain(secret);
  });

  it('that is not there is named, with the command that sets it', async () => {
    await kosmo.run(['mcp:secret:remove', 'token']);
    const { status, stderr } = await kosmo.run(['mcp:env', 'get-env']);
    expect([status, stderr]).toEqual([4, expect.stringContaining('kosmo mcp:secret:set token')]);
    expect((await kosmo.run(['mcp:secret:remove', 'token'])).status).toBe(2);
    expect((await kosmo.run(['mcp:secret:set', 'token'], '')).status).toBe(2);
    expect((await kosmo.run(['mcp:secret:set', 'a b'], 'x')).status).toBe(2);
    await kosmo.run(['mcp:remove', 'env']);
  });
});

describe('mcp:import and mcp:export', () => {
  const settings = (path: string, text: string) => {
    const file = join(kosmo.home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };

  it('take over another client’s servers, their tokens kept encrypted from then on', async () => {
    const token = 'ghp_0123456789abcdef';
    const env = { GITHUB_TOKEN: token, LOG: 'debug' };
    settings('.cursor/mcp.json', JSON.stringify({ mcpServers: { 'git hub': { command: 'x', env } } }));
    settings(
      '.codex/config.toml',
      '# mine\n[mcp_servers.docs]\nurl = "https://docs.example/mcp"\nbearer_token_env_var = "DOCS"\n',
    );
    expect((await kosmo.run(['mcp:import'])).stdout).toMatch(/^cursor +user +git hub /m);
    const dry = await kosmo.run(['mcp:import', 'cursor', '--dry-run']);
    expect(dry.stdout).toContain('would add git-hub');
    const { stdout } = await kosmo.run(['mcp:import', 'cursor']);
    expect(stdout).toBe('added git-hub; kept encrypted: git-hub-github-token\n');
    const file = readFileSync(join(kosmo.home, 'kosmo/mcp.json'), 'utf8');
    expect(file).not.toContain(token);
    expect(file).toContain('"GITHUB_TOKEN": "${secret:git-hub-github-token}"');
    expect(file).toContain('"LOG": "debug"');
    expect((await kosmo.run(['mcp:import', 'cursor'])).stdout).toContain('skipped git-hub');
    expect((await kosmo.run(['mcp:import', 'codex'])).stdout).toBe('added docs\n');
    expect((await kosmo.run(['mcp:import', 'zed'])).stderr).toContain('It knows claude-code, ');
    await kosmo.run(['mcp:remove', 'git-hub']);
    await kosmo.run(['mcp:remove', 'docs']);
  });

  it('do not take over kosmo itself, which a client was given before', async () => {
    await kosmo.run(['mcp:gateway:install', 'windsurf', '--local']);
    const { status, stdout } = await kosmo.run(['mcp:import', 'windsurf']);
    expect([status, stdout]).toEqual([0, 'skipped kosmo: it is kosmo itself\n']);
    expect((await kosmo.run(['mcp:list'])).stdout).not.toContain('mcp:serve');
  });

  it('write servers into another client’s settings, whose comments and keys stay', async () => {
    const file = settings('.codex/config.toml', '# mine\nmodel = "m" # best\n');
    const { stdout } = await kosmo.run(['mcp:export', 'codex', 'files']);
    expect(stdout).toContain(`Wrote files into ${file}.`);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^# mine\nmodel = "m" # best\n/);
    expect(text).toContain('[mcp_servers.files]\n');
    const printed = await kosmo.run(['mcp:export', 'vscode', 'files', '--print']);
    expect(JSON.parse(printed.stdout)).toMatchObject({ servers: { files: { type: 'stdio' } } });
  });

  it('never write a secret: a server that needs one is left out', async () => {
    await kosmo.run(['mcp:add', 'needs', '--env', 'K=${secret:k}', '--', 'true']);
    const one = await kosmo.run(['mcp:export', 'cursor', 'needs']);
    expect(one).toMatchObject({ status: 4, stderr: expect.stringContaining("kosmo's secret k") as string });
    const all = await kosmo.run(['mcp:export', 'gemini']);
    expect(all).toMatchObject({ status: 0, stderr: expect.stringContaining('left out: ') as string });
    expect(readFileSync(join(kosmo.home, '.gemini/settings.json'), 'utf8')).not.toContain('needs');
    await kosmo.run(['mcp:remove', 'needs']);
  });
});

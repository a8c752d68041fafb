import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { envelopeOf, Kosmo, repository } from './kosmo.ts';

const kosmo = new Kosmo();
afterAll(() => kosmo.remove());

const validate = 'dump(app.integrations.workos.validate_api_key({}))';

describe('the commands of the documentation', () => {
  it('check the account’s own key', async () => {
    const run = await kosmo.lua(validate, '--local');
    expect(run).toEqual({
      success: true,
      output: expect.stringContaining('obfuscated_value = "sk_...host"') as string,
      result: {
        api_key: expect.objectContaining({ object: 'api_key', name: 'Local development' }) as object,
      },
      error: null,
      execution_time_ms: expect.any(Number) as number,
      memory_usage: expect.any(Number) as number,
      integration_calls: [
        {
          function: 'workos.workos_api_keys_validate_api_key',
          account: 'localhost',
          effect: 'read',
          status: 200,
          attempts: 1,
          duration_ms: expect.any(Number) as number,
          request_id: expect.stringMatching(/^req_/) as string,
        },
      ],
      meta: { run: expect.stringMatching(/^run_/) as string },
      status: 0,
    });
  });

  it('say what is missing when there is no account', async () => {
    for (const program of [validate, 'dump(app.integrations.workos.default.validate_api_key({}))']) {
      const run = await kosmo.lua(program);
      expect(run).toMatchObject({ success: false, status: 4, error: { code: 'not_configured' } });
      expect(run['error'].hint).toBe(
        'Run kosmo integrations:configure workos --set api_key=… (or set WORKOS_API_KEY), or add --local to use the local server instead.',
      );
      expect(run['error'].details.commands).toEqual([
        'kosmo integrations:configure workos --set api_key=…',
        'kosmo integrations:lua … --local',
      ]);
    }
    const { status, stdout, stderr } = await kosmo.run(['integrations:lua', '--eval', validate]);
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
    expect(stderr).toBe(
      'error: workos is not configured: it has no api_key.\n  at eval:1\n  Run kosmo integrations:configure workos --set api_key=… (or set WORKOS_API_KEY), or add --local to use the local server instead.\n',
    );
  });

  it('never fall back to the local server, which is an account of its own', async () => {
    const run = await kosmo.lua(
      'return app.integrations.workos.localhost.list_organizations{}.data[1].object',
    );
    expect(run).toMatchObject({
      status: 0,
      result: 'organization',
      integration_calls: [{ account: 'localhost' }],
    });
  });

  it('read the documentation', async () => {
    expect((await kosmo.lua('print(docs.read("workos"))'))['output']).toContain('## Functions (172)');
    expect((await kosmo.lua('print(docs.read("workos.validate_api_key"))'))['output']).toContain(
      'POST `/api_keys/validations`',
    );
    expect((await kosmo.lua('return docs.search("invite someone")[1].name'))['result']).toBe(
      'workos.send_invitation',
    );
    expect((await kosmo.lua('return #docs.list()'))['result']).toBe(7);
    const short = await kosmo.lua('print(docs.read("integrations.workos", { tokens = 1500 }))');
    expect(short['output']).toContain('docs.read("integrations.workos", { tokens = ');
    expect((await kosmo.lua('print(docs.read("workos", { section = "paging" }))'))['output']).toMatch(
      /^## Paging/,
    );
  });

  it('run a workflow file, with and without --force', async () => {
    for (const options of [[], ['--force']]) {
      const { status, stdout } = await kosmo.run([
        'integrations:lua',
        'examples/workflow.lua',
        '--local',
        '--json',
        ...options,
      ]);
      expect(status).toBe(0);
      expect(envelopeOf(stdout)).toMatchObject({ success: true, result: { api_key: { object: 'api_key' } } });
    }
  });

  it('go by full name, by path alias, and by the name of what an id is of', async () => {
    const { stdout } = await kosmo.run([
      'integrations:lua',
      'examples/users-and-organizations.lua',
      '--local',
    ]);
    expect(stdout).toBe('3 organizations, and mara@harborlight.example\n');
  });

  it('list the MCP servers', async () => {
    const { status, stdout } = await kosmo.run(['mcp:lua', '--eval', 'dump(mcp.servers())', '--json']);
    expect(status).toBe(0);
    expect(envelopeOf(stdout)).toMatchObject({ success: true, result: [], output: '{}\n' });
    const other = await kosmo.run(['mcp:lua', '--eval', 'return app.integrations.workos', '--json']);
    expect(envelopeOf(other.stdout)).toMatchObject({
      success: false,
      error: { code: 'unknown_integration' },
    });
  });

  it('take the tour: a second time it finds the invitation it made', async () => {
    const tour = async () =>
      envelopeOf((await kosmo.run(['integrations:lua', 'examples/tour.lua', '--local', '--json'])).stdout);
    const first = await tour();
    expect(first).toMatchObject({
      success: true,
      result: { organizations: 3, invited: [{ email: 'admin@example.com' }] },
    });
    const writes = (run: typeof first) =>
      run['integration_calls'].filter(({ effect }: { effect: string }) => effect === 'write').length;
    expect(writes(first)).toBe(1);
    const second = await tour();
    expect(second['result']).toEqual(first['result']);
    expect(writes(second)).toBe(0);
  });
});

describe('where a program comes from', () => {
  const file = (name: string, content: string | Uint8Array) => {
    const path = join(kosmo.home, name);
    writeFileSync(path, content);
    return path;
  };

  it('is a file, --eval, or what is piped in', async () => {
    const sources: [string[], string][] = [
      [[file('one.lua', 'return 1')], ''],
      [['--eval', 'return 1'], ''],
      [[], 'return 1'],
      [['-'], 'return 1'],
    ];
    for (const [args, input] of sources) {
      const { status, stdout } = await kosmo.run(['integrations:lua', '--json', ...args], input);
      expect([status, envelopeOf(stdout)['result']]).toEqual([0, 1]);
    }
  });

  it('may begin with a byte order mark or a line for the shell, and have any line ends', async () => {
    for (const content of [
      '\ufeffreturn 1',
      '#!/usr/bin/env kosmo\nreturn 1',
      '\ufeff#!x\r\nreturn 1\r\n',
      'local a = 1\r\nreturn a',
    ]) {
      const { stdout } = await kosmo.run(['integrations:lua', '--json', file('odd.lua', content)]);
      expect(envelopeOf(stdout)['result']).toBe(1);
    }
    const { stderr } = await kosmo.run(['integrations:lua', file('lines.lua', '#!x\nerror("second line")')]);
    expect(stderr).toContain('lines.lua:2: second line');
  });

  it('that cannot be read is a usage error', async () => {
    const refusals: [string[], string][] = [
      [[join(kosmo.home, 'none.lua')], 'there is no such file'],
      [[kosmo.home], 'it is a folder'],
      [['--eval', 'return 1', 'x.lua'], 'Two programs were given: the file x.lua and --eval.'],
    ];
    for (const [args, message] of refusals) {
      const { status, stdout, stderr } = await kosmo.run(['integrations:lua', ...args]);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain(message);
      const json = await kosmo.run(['integrations:lua', '--json', ...args]);
      expect(json.status).toBe(2);
      expect(envelopeOf(json.stdout)).toMatchObject({
        success: false,
        error: { message: expect.stringContaining(message) as string },
      });
    }
  });

  it('that does not parse is told with line and column', async () => {
    const { status, stderr } = await kosmo.run([
      'integrations:lua',
      file('bad.lua', 'local a = 1\nlocal b = a +* 2'),
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain("bad.lua:2: unexpected symbol near '*' (column 14)");
  });
});

describe('options', () => {
  it.each([
    [['--bad'], 'Unknown option'],
    [['--cpu-limit', 'x'], 'It takes a number above 0.'],
    [['--cpu-limit', '-1'], 'It takes a number above 0.'],
    [['--memory-limit', '12 potatoes'], 'It takes bytes, such as 33554432 or 64M.'],
    [['--local', '--account', 'work'], '--local and --account work contradict each other.'],
    [['a.lua', 'b.lua'], 'Too many arguments'],
  ])('%j is a usage error', async (args, message) => {
    const { status, stderr } = await kosmo.run(
      ['integrations:lua', '--eval', 'return 1', ...args].filter(
        (arg) => !(args.includes('a.lua') && (arg === '--eval' || arg === 'return 1')),
      ),
    );
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  it('limit a run, which then ends with exit code 5', async () => {
    expect(await kosmo.lua('print("x") while true do end', '--cpu-limit', '0.1')).toMatchObject({
      status: 5,
      output: 'x\n',
      error: { code: 'cpu_limit' },
    });
    expect(await kosmo.lua('local s = ("x"):rep(5e6)', '--memory-limit', '4M')).toMatchObject({
      status: 5,
      error: { code: 'memory_limit' },
    });
    expect(await kosmo.lua('local s = ("x"):rep(5e6) return #s', '--memory-limit', '16777216')).toMatchObject(
      { status: 0, result: 5e6 },
    );
    expect(await kosmo.lua('while true do end', '--timeout', '0.1')).toMatchObject({
      status: 5,
      error: { code: 'time_limit' },
    });
    expect(
      await kosmo.lua(
        'while true do pcall(app.integrations.workos.list_organizations, { limit = 1 }) end',
        '--local',
      ),
    ).toMatchObject({
      status: 5,
      error: { code: expect.stringMatching(/^(call|cpu)_limit$/) as string },
    });
  });

  it('name an account that is not there', async () => {
    const run = await kosmo.lua('app.integrations.workos.list_organizations{}', '--account', 'localhst');
    expect(run).toMatchObject({ status: 4, error: { code: 'unknown_account' } });
    expect(run['error'].message).toContain('Did you mean localhost?');
  });

  it('deny every change in a read-only run', async () => {
    const run = await kosmo.lua(
      'return app.integrations.workos.create_organization{ name = "A" }',
      '--local',
      '--read-only',
      '--force',
    );
    expect(run).toMatchObject({ status: 3, error: { code: 'denied' } });
  });
});

describe('arguments', () => {
  it('that do not fit are told all at once, with exit code 1, and nothing is sent', async () => {
    const run = await kosmo.lua(
      'app.integrations.workos.create_organization{ nam = "x", domain_data = { { domain = 5 } } }',
      '--local',
    );
    expect(run).toMatchObject({
      status: 1,
      error: { code: 'invalid_arguments' },
      integration_calls: [{ attempts: 0, error: 'invalid_arguments' }],
    });
    expect(run['error'].details.errors).toHaveLength(4);
  });

  it('of a name nobody has are answered with the nearest', async () => {
    const run = await kosmo.lua('app.integrations.workos.list_organisations{}');
    expect(run['error'].message).toBe(
      'Unknown function app.integrations.workos.list_organisations. Did you mean list_organizations?',
    );
    expect(run.status).toBe(1);
  });
});

describe('the command line itself', () => {
  it('shows where to begin, its version, and help that fits a screen', async () => {
    expect((await kosmo.run([])).stdout).toContain('Begin here');
    expect((await kosmo.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    for (const command of ['integrations:lua', 'mcp:lua', 'local:start']) {
      const { status, stdout } = await kosmo.run([command, '--help']);
      expect(status).toBe(0);
      const lines = stdout.split('\n');
      expect(lines.length).toBeLessThan(40);
      expect(Math.max(...lines.map((line) => line.length)), stdout).toBeLessThanOrEqual(100);
      expect(stdout).toContain('Example');
    }
  });

  it('knows a mistyped command', async () => {
    const { status, stderr } = await kosmo.run(['integration:lua']);
    expect(status).toBe(2);
    expect(stderr).toContain('There is no command integration:lua. Did you mean integrations:lua?');
  });

  it('is the same through the launcher, from any folder', async () => {
    const { spawnSync } = await import('node:child_process');
    const run = spawnSync(join(repository, 'kosmo'), ['integrations:lua', '--eval', 'return 1 + 1'], {
      cwd: kosmo.home,
      encoding: 'utf8',
    });
    expect(run.stdout).toBe('2\n');
  });
});

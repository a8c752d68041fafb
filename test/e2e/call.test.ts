import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerJson, type Envelope, ended, envelopeOf, Kosmo, TestApi } from './kosmo.ts';

const kosmo = new Kosmo();
let api: TestApi;
let remote: Record<string, string>;
beforeAll(async () => {
  api = await TestApi.open(({ url }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    if (pathname.startsWith('/events')) return; // never answers
    if (pathname === '/user_management/users') {
      const page = Number(searchParams.get('after') ?? 0);
      const data = Array.from({ length: 3 }, (_, row) => ({
        id: `user_${page}_${row}`,
        email: `${page}.${row}@example.com`,
      }));
      answerJson(response, 200, { data, list_metadata: { after: page < 3 ? String(page + 1) : null } });
      return;
    }
    answerJson(response, 200, { id: 'org_1', name: '\u001b[31mred\u0007' });
  });
  remote = { WORKOS_API_KEY: 'sk_very_secret', WORKOS_BASE_URL: api.url };
});
afterAll(() => {
  api.close();
  kosmo.remove();
});

async function call(...args: readonly string[]): Promise<Envelope & { status: number | null }> {
  const { status, stdout } = await kosmo.run([...args, '--json']);
  return { ...envelopeOf(stdout), status };
}

describe('a call from the command line', () => {
  it('goes by any of its names, long and short, with - and _ alike', async () => {
    for (const words of [
      ['integrations:call', 'workos.list_users'],
      ['integrations:call', 'app.integrations.workos.list-users'],
      ['integrations:call', 'workos.workos_userland_users_list_0'],
      ['integrations:call', 'workos.localhost.list_users'],
      ['integrations:workos', 'list_users'],
      ['integrations:workos', 'list-users'],
      ['integrations:workos', 'workos.list_users'],
    ]) {
      const run = await call(...words, '--local', '--limit', '1');
      expect(run).toMatchObject({
        function: 'workos.workos_userland_users_list_0',
        success: true,
        data: { object: 'list', data: [{ object: 'user' }] },
        error: null,
        meta: { account: 'localhost', effect: 'read', status: 200, attempts: 1 },
        duration_ms: expect.any(Number) as number,
        status: 0,
      });
    }
  });

  it('takes its arguments as JSON, from a file, from stdin, as flags and with --arg', async () => {
    const file = join(kosmo.home, 'arguments.json');
    writeFileSync(file, '\uFEFF{ "limit": 2 }');
    const call = ['integrations:workos', 'list_users', '--local', '--json'];
    for (const [words, input] of [
      [['{"limit":2}'], ''],
      [[`@${file}`], ''],
      [[], '{"limit":2}\n'],
      [['-'], '{"limit":2}'],
      [['--limit', '2'], ''],
      [['--limit=2'], ''],
      [['--arg', 'limit=2'], ''],
      [['--limit', '2'], '{"limit":5}'],
      [['{"limit":5}', '--arg', 'limit=2'], ''],
    ] as const) {
      const { stdout } = await kosmo.run([...call, ...words], input);
      expect(envelopeOf(stdout)['data'].data, JSON.stringify(words)).toHaveLength(2);
    }
  });

  it('shows with --dry-run what it would send, with secrets taken out, and sends nothing', async () => {
    const words = ['integrations:workos', 'create_organization', '{"name":"Acme"}', '--dry-run'];
    const more = ['--header', 'X-Trace: abc', '--idempotency-key', 'once'];
    const before = api.received.length;
    const { status, stdout } = await kosmo.run([...words, ...more, '--json'], '', remote);
    expect(envelopeOf(stdout)).toMatchObject({
      function: 'workos.workos_organizations_create',
      success: true,
      data: {
        method: 'POST',
        url: `${api.url}/organizations`,
        headers: {
          authorization: 'Bearer [redacted]',
          'content-type': 'application/json',
          'x-trace': 'abc',
          'idempotency-key': 'once',
        },
        body: { name: 'Acme' },
      },
      meta: { dry_run: true, attempts: 0 },
    });
    expect(status).toBe(0);
    const person = await kosmo.run(words, '', remote);
    expect(person.stdout).toContain(`POST ${api.url}/organizations\n`);
    expect(person.stdout).toContain('\n\n{\n  "name": "Acme"\n}\n');
    expect(stdout + person.stdout).not.toContain('very_secret');
    const denied = await kosmo.run([...words, '--read-only'], '', remote);
    expect(denied.status).toBe(3);
    expect(api.received).toHaveLength(before);
  });

  it('sends headers and idempotency keys that are asked for, and never other credentials', async () => {
    const words = ['integrations:workos', 'create_organization', '--name', 'Acme', '--force', '--json'];
    await kosmo.run([...words, '--header', 'X-Trace=abc', '--idempotency-key', 'k-1'], '', remote);
    expect(api.received.at(-1)).toMatchObject({
      method: 'POST',
      headers: { 'x-trace': 'abc', 'idempotency-key': 'k-1' },
    });
    const { stdout } = await kosmo.run([...words, '--header', 'Authorization: Bearer x'], '', remote);
    expect(envelopeOf(stdout)).toMatchObject({ success: false, error: { code: 'invalid_arguments' } });
  });

  it('needs approval where the policy asks for it, and --force gives it', async () => {
    const words = ['integrations:workos', 'create_organization', '--name', 'Acme', '--json'];
    const { status, stdout } = await kosmo.run(words, '', remote);
    expect(status).toBe(3);
    expect(envelopeOf(stdout)).toMatchObject({
      function: 'workos.workos_organizations_create',
      success: false,
      data: null,
      error: { code: 'approval_required' },
    });
    expect((await kosmo.run([...words, '--force'], '', remote)).status).toBe(0);
    expect((await kosmo.run([...words, '--allow', 'create_*'], '', remote)).status).toBe(0);
    const denied = await kosmo.run([...words, '--force', '--deny', 'create_*'], '', remote);
    expect(envelopeOf(denied.stdout)).toMatchObject({ success: false, error: { code: 'denied' } });
    const forbidden = await kosmo.run([...words, '--force'], '', { ...remote, KOSMO_NO_FORCE: '1' });
    expect(envelopeOf(forbidden.stdout)).toMatchObject({
      success: false,
      error: { code: 'force_forbidden' },
    });
  });

  it('reads a whole list with --paginate: a line of JSON for each row', async () => {
    const { status, stdout } = await kosmo.run(
      ['integrations:workos', 'list_users', '--paginate'],
      '',
      remote,
    );
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string });
    expect(status).toBe(0);
    expect(rows).toHaveLength(12);
    expect(rows.at(-1)).toEqual({ id: 'user_3_2', email: '3.2@example.com' });
    const emails = await kosmo.run(
      ['integrations:workos', 'list_users', '--paginate', '--select', 'email'],
      '',
      remote,
    );
    expect(emails.stdout.split('\n').slice(0, 2)).toEqual(['"0.0@example.com"', '"0.1@example.com"']);
    const whole = await kosmo.run(['integrations:workos', 'list_users', '--paginate', '--json'], '', remote);
    expect(envelopeOf(whole.stdout)).toMatchObject({ success: true, meta: { pages: 4, rows: 12 } });
    const none = await kosmo.run(
      ['integrations:workos', 'get_organization', '--id', 'org_1', '--paginate', '--json'],
      '',
      remote,
    );
    expect(envelopeOf(none.stdout)).toMatchObject({ error: { code: 'invalid_arguments' } });
  });

  it('shows a part with --select', async () => {
    const select = async (path: string, ...more: string[]) =>
      (await kosmo.run(['integrations:workos', 'list_users', '--select', path, ...more], '', remote)).stdout;
    expect(await select('data[0].email')).toBe('0.0@example.com\n');
    expect(await select('$.data[*].email')).toBe('0.0@example.com\n0.1@example.com\n0.2@example.com\n');
    expect(await select('data[?@.id=="user_0_1"].email', '--output', 'json')).toBe(
      '[\n  "0.1@example.com"\n]\n',
    );
    expect(envelopeOf(await select('data[9]', '--json'))['data']).toBeNull();
    const wrong = await kosmo.run(
      ['integrations:workos', 'list_users', '--select', 'data[', '--json'],
      '',
      remote,
    );
    expect(wrong.status).toBe(2);
    expect(envelopeOf(wrong.stdout)).toMatchObject({ success: false, error: { code: 'usage' } });
  });

  it('is shown as a table, JSON, lines of JSON or YAML, without colours in a pipe', async () => {
    const shown = async (...more: string[]) =>
      (await kosmo.run(['integrations:workos', 'list_users', ...more], '', remote)).stdout;
    expect(await shown()).toBe(
      'ID        EMAIL\nuser_0_0  0.0@example.com\nuser_0_1  0.1@example.com\nuser_0_2  0.2@example.com\n',
    );
    expect(JSON.parse(await shown('--output', 'json'))).toMatchObject({ list_metadata: { after: '1' } });
    expect((await shown('--output', 'jsonl')).split('\n')).toHaveLength(4);
    expect(await shown('--output', 'yaml')).toContain('- id: user_0_0\n    email: 0.0@example.com\n');
    const fields = await kosmo.run(['integrations:workos', 'get_organization', '--id', 'org_1'], '', remote);
    expect(fields.stdout).toBe('id    org_1\nname  \uFFFD[31mred\uFFFD\n');
    const coloured = await kosmo.run(['integrations:workos', 'list_users'], '', {
      ...remote,
      FORCE_COLOR: '1',
    });
    expect(coloured.stdout).toContain('\u001b[1mID\u001b[22m');
    const plain = await kosmo.run(['integrations:workos', 'list_users'], '', {
      ...remote,
      FORCE_COLOR: '1',
      NO_COLOR: '1',
    });
    expect(plain.stdout).not.toContain('\u001b');
  });

  it('ends at --timeout, or when it is interrupted', async () => {
    const words = ['integrations:workos', 'list_events', '--json', '--arg', 'events:=["user.created"]'];
    const late = await kosmo.run([...words, '--timeout', '0.3'], '', remote);
    expect(late.status).toBe(5);
    expect(envelopeOf(late.stdout)).toMatchObject({ success: false, error: { code: 'time_limit' } });
    const before = api.received.length;
    const child = kosmo.start(words, remote);
    child.stdin.end();
    const end = ended(child);
    while (api.received.length === before) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGINT');
    const { status, stdout } = await end;
    expect(status).toBe(130);
    expect(envelopeOf(stdout)).toMatchObject({ success: false, error: { code: 'interrupted' } });
  });

  it('stops reading pages in silence when nobody reads any more', async () => {
    const child = kosmo.start(['integrations:workos', 'list_users', '--paginate'], remote);
    child.stdin.end();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout.destroy();
    const [status] = (await once(child, 'close')) as [number];
    expect({ status, stderr }).toEqual({ status: 141, stderr: '' });
  });
});

describe('help for a function', () => {
  it('is made from its schema: arguments, types, what is required, defaults, an example', async () => {
    const { status, stdout } = await kosmo.run(['integrations:workos', 'list_organizations', '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: kosmo integrations:workos list_organizations [json] [options]');
    expect(stdout).toMatch(/--limit <integer> [^(]*\(integer 1–100; default 10\)/);
    expect(stdout).toContain('GET /organizations (read)');
    const create = await kosmo.run(['integrations:call', 'workos.create_user', '--help']);
    expect(create.stdout).toMatch(/--email <text> [^(]*\(required;\s+string/);
    expect(create.stdout).toContain('--email-verified [true|false]');
    expect(create.stdout).toMatch(/Example:\n {2}kosmo integrations:workos create_user --email \S+\n/);
  });

  it('shows for a shared name what both functions take', async () => {
    const { stdout } = await kosmo.run(['integrations:workos', 'list_groups', '--help']);
    expect(stdout).toContain('--organization-id');
    expect(stdout).toContain('--organization-membership-id');
  });

  it('of the command itself fits a screen, and says how to go on', async () => {
    for (const command of ['integrations:call', 'integrations:workos']) {
      const { stdout } = await kosmo.run([command, '--help']);
      expect(stdout).toContain('Examples:');
      expect(stdout.split('\n').length).toBeLessThanOrEqual(40);
    }
  });
});

describe('what is wrong on the command line of a call', () => {
  it.each([
    ['an unknown flag', ['list_users', '--limt', '3'], '', 2, 'usage', /--limt.*did you mean --limit/],
    ['JSON that breaks off', ['list_users'], '{"limit": 2,\n "order": }', 2, 'usage', /^stdin:2:11: /],
    ['JSON that is no object', ['list_users', '[1]'], '', 2, 'usage', /must be a JSON object.*a list/],
    ['two JSON sources', ['list_users', '{"limit":1}'], '{"limit":2}', 2, 'usage', /Two JSON arguments/],
    [
      'two flags for one argument',
      ['list_users', '--limit', '1', '--arg', 'limit=2'],
      '',
      2,
      'usage',
      /same argument/,
    ],
    ['two accounts', ['list_users', '--local', '--account', 'work'], '', 2, 'usage', /contradict/],
    ['two ways of showing', ['list_users', '--output', 'yaml'], '', 2, 'usage', /contradict/],
    ['a file that is not there', ['list_users', '@nowhere.json'], '', 2, 'input_unreadable', /nowhere\.json/],
    ['too many arguments', ['list_users', '{}', '{}'], '', 2, 'usage', /too many/i],
    ['no function', [], '', 2, 'usage', /function/],
    [
      'a wrong type',
      ['list_users', '--local', '--limit', 'many'],
      '',
      1,
      'invalid_arguments',
      /limit: expected an integer/,
    ],
    [
      'an unknown argument',
      ['list_users', '--local', '{"limt":1}'],
      '',
      1,
      'invalid_arguments',
      /Did you mean limit/,
    ],
    [
      'an unknown function',
      ['list_userz', '--whatever', '1'],
      '',
      1,
      'unknown_function',
      /Did you mean list_users/,
    ],
  ] as const)('%s', async (_, words, input, status, code, message) => {
    const run = await kosmo.run(['integrations:workos', ...words, '--json'], input);
    expect(run.status).toBe(status);
    const envelope = envelopeOf(run.stdout);
    expect(Object.keys(envelope)).toEqual(['function', 'success', 'data', 'error', 'meta', 'duration_ms']);
    expect(envelope).toMatchObject({ success: false, data: null, error: { code } });
    expect(envelope['error'].message).toMatch(message);
    const person = await kosmo.run(['integrations:workos', ...words], input);
    expect(person.stderr.includes('    at ')).toBe(false);
  });

  it('an unknown integration', async () => {
    const long = await kosmo.run(['integrations:call', 'workoz.list_users', '--json']);
    expect(envelopeOf(long.stdout)).toMatchObject({ error: { code: 'unknown_integration' } });
    expect(long.status).toBe(1);
    const short = await kosmo.run(['integrations:workoz', 'list_users']);
    expect(short.status).toBe(2);
    expect(short.stderr).toContain('Did you mean integrations:workos?');
    const bare = await kosmo.run(['integrations:call', 'list_users', '--json']);
    expect(bare.status).toBe(2);
    expect(envelopeOf(bare.stdout)['error'].hint).toContain('workos.list_users');
  });

  it('is told even of an input of many megabytes', async () => {
    const name = 'x'.repeat(8 * 1024 * 1024);
    const run = await kosmo.run(
      ['integrations:workos', 'create_organization', '--dry-run', '--local', '--json'],
      JSON.stringify({ nam: name }),
    );
    expect(envelopeOf(run.stdout)).toMatchObject({ error: { code: 'invalid_arguments' } });
    expect(run.stdout.length).toBeLessThan(10_000);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerJson, Kosmo, repository, TestApi } from './kosmo.ts';

/** What makes a terminal for a command: part of util-linux, with other options elsewhere. */
const script = '/usr/bin/script';
const hasTerminal = process.platform === 'linux' && existsSync(script);

let api: TestApi;
let kosmo: Kosmo;
beforeAll(async () => {
  api = await TestApi.open((_, response) =>
    answerJson(response, 201, { object: 'organization', id: 'org_1' }),
  );
});
afterAll(() => api.close());
beforeEach(async () => {
  kosmo = new Kosmo();
  api.received.length = 0;
});
afterEach(() => kosmo.remove());

const configure = (values: Record<string, string>) =>
  kosmo.run(['integrations:configure', 'workos', '--stdin-json'], JSON.stringify(values));

/**
 * Runs the command on a terminal and types, each time the text before the arrow has appeared, what stands after it.
 * Answers with everything the terminal showed.
 */
async function typing(
  args: readonly string[],
  answers: readonly (readonly [string, string])[],
): Promise<{ shown: string; status: number | null }> {
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    TERM: 'xterm',
    HOME: kosmo.home,
    KOSMO_HOME: join(kosmo.home, 'kosmo'),
    KOSMO_KEYRING: 'off',
  };
  const words = [process.execPath, join(repository, 'dist/cli/main.cjs'), ...args];
  const command = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const child = spawn(script, ['-qefc', command, '/dev/null'], { env });
  let shown = '';
  let from = 0;
  const rest = [...answers];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    for (let next = rest[0]; next !== undefined; next = rest[0]) {
      const at = shown.indexOf(next[0], from);
      if (at === -1) return;
      from = at + next[0].length;
      rest.shift();
      child.stdin.write(next[1]);
    }
  });
  const [status] = (await once(child, 'close')) as [number | null];
  expect(rest).toEqual([]);
  return { shown, status };
}

const question = 'Send it? [y]es, [n]o, [a]ll of this kind, never: ';
const create = (name: string) => `app.integrations.workos.create_organization{ name = "${name}" }`;

describe.runIf(hasTerminal)('on a terminal', () => {
  it('a call that needs approval shows its request without secrets, and is sent when it is approved', async () => {
    await configure({ api_key: 'sk_live_typed', url: api.url });
    const program = `${create('First')} local ok, e = pcall(function() ${create('Second')} end) print(ok, e.code)`;
    const { shown, status } = await typing(
      ['integrations:lua', '--eval', program],
      [
        [question, 'y\r'],
        [question, 'n\r'],
      ],
    );
    expect(status).toBe(0);
    expect(shown).toContain('workos.workos_organizations_create (write, account default)');
    expect(shown).toContain(`POST ${api.url}/organizations`);
    expect(shown).toContain('"name": "First"');
    expect(shown).toContain('false\tdenied');
    expect(shown).not.toContain('sk_live_typed');
    expect(api.received.map(({ body }) => JSON.parse(body) as unknown)).toEqual([{ name: 'First' }]);
  });

  it('Ctrl-C at the question ends the run, and nothing is sent', async () => {
    await configure({ api_key: 'sk_live_typed', url: api.url });
    const { shown, status } = await typing(
      ['integrations:lua', '--eval', create('First')],
      [[question, '\x03']],
    );
    expect({ status, sent: api.received.length }).toEqual({ status: 130, sent: 0 });
    expect(shown).not.toContain('report');
    const left = await typing(['integrations:lua', '--eval', create('First')], [[question, '\x04']]);
    expect({ status: left.status, sent: api.received.length }).toEqual({ status: 3, sent: 0 });
    expect(left.shown).toContain('was not sent: it was not approved');
  });

  it('an answer for all of a kind holds for the run, also for calls that wait at the same time', async () => {
    await configure({ api_key: 'sk_live_typed', url: api.url });
    const program = `parallel.map({ "A", "B", "C" }, function(name) ${create('x').replace('"x"', 'name')} end) ${create('D')}`;
    const { shown, status } = await typing(['integrations:lua', '--eval', program], [[question, 'a\r']]);
    expect({ status, asked: shown.split(question).length - 1 }).toEqual({ status: 0, asked: 1 });
    expect(api.received.length).toBe(4);
    await typing(
      ['integrations:lua', '--eval', `for _ = 1, 3 do pcall(function() ${create('E')} end) end`],
      [[question, 'never\r']],
    );
    expect(api.received.length).toBe(4);
  });

  it('a session asks where its lines are typed, and does not take the answer for Lua', async () => {
    await configure({ api_key: 'sk_live_typed', url: api.url });
    const { shown, status } = await typing(
      ['integrations:lua', '--repl'],
      [
        ['> ', `${create('Typed')}.id\r`],
        [question, 'y\r'],
        ['org_1', ''],
        ['> ', ':quit\r'],
      ],
    );
    expect(status).toBe(0);
    expect(shown).not.toContain('error');
    expect(api.received.length).toBe(1);
  });

  it('a session’s Ctrl-C at such a question sends nothing, and what the session knows stays', async () => {
    await configure({ api_key: 'sk_live_typed', url: api.url });
    const { shown, status } = await typing(
      ['integrations:lua', '--repl'],
      [
        ['> ', 'kept = 7\r'],
        ['> ', `select(2, pcall(function() ${create('Typed')} end)).code, kept\r`],
        [question, '\x03'],
        ['"denied"\t7', ''],
        ['> ', 'kept\r'],
        ['7', ':quit\r'],
      ],
    );
    expect([status, api.received.length]).toEqual([0, 0]);
    expect(shown).not.toContain('The state was lost');
  });

  it('configure asks for each field, and does not show a secret that is typed', async () => {
    const { shown, status } = await typing(
      ['integrations:configure', 'workos'],
      [
        ['(api_key, required):', 'sk_typed_by_hand\r'],
        ['(client_id, optional):', 'client_7\r'],
        ['(client_secret, optional):', '\r'],
        ['(access_token, optional):', '\r'],
        ['(url, optional):', `ftp://nowhere\r`],
        ['https:// or http://', `\x15${api.url}\r`],
      ],
    );
    expect(status).toBe(0);
    expect(shown).not.toContain('sk_typed_by_hand');
    expect(shown).toContain('set, encrypted');
    const settings = readFileSync(join(kosmo.home, 'kosmo/settings.json'), 'utf8');
    expect(JSON.parse(settings).integrations.workos.accounts.default.values).toEqual({
      client_id: 'client_7',
      url: api.url,
    });
    await kosmo.lua('app.integrations.workos.list_users{}');
    expect(api.received[0]?.headers.authorization).toBe('Bearer sk_typed_by_hand');
  });

  it('configure changes nothing when it is left with Ctrl-C', async () => {
    const { status, shown } = await typing(
      ['integrations:configure', 'workos'],
      [['(api_key, required):', '\x03']],
    );
    expect({ status, kept: existsSync(join(kosmo.home, 'kosmo/settings.json')) }).toEqual({
      status: 130,
      kept: false,
    });
    expect(shown).toContain('Nothing was changed.');
  });
});

describe.runIf(hasTerminal)('a document that has become much smaller', () => {
  /** An API with so many functions. */
  const document = (functions: number) => ({
    openapi: '3.1.0',
    info: { title: 'Pets', version: `${functions}` },
    paths: Object.fromEntries(
      Array.from({ length: functions }, (_, at) => [
        `/pets/${at}`,
        {
          get: {
            operationId: `pet${at}`,
            summary: `Get pet ${at}`,
            responses: { 200: { description: 'OK' } },
          },
        },
      ]),
    ),
  });
  const smaller =
    'The newer document of pets is much smaller: 10 operations become 8. Take it? [y]es, [n]o: ';
  const functions = async () => {
    const { stdout } = await kosmo.run(['integrations:list', '--json']);
    const { integrations } = JSON.parse(stdout) as { integrations: { name: string; functions: number }[] };
    return integrations.find(({ name }) => name === 'pets')?.functions;
  };

  it('takes the place of the one in use when its user has seen what is gone and says yes', async () => {
    const spec = join(kosmo.home, 'pets.json');
    writeFileSync(spec, JSON.stringify(document(10)));
    await kosmo.run(['integrations:add', 'pets', '--spec', spec]);
    writeFileSync(spec, JSON.stringify(document(8)));
    const sync = (answer: string) => typing(['integrations:sync', 'pets'], [[smaller, answer]]);
    // No answer is a no.
    for (const answer of ['n\r', '\r', '\x04']) {
      const { shown, status } = await sync(answer);
      expect({ answer, status, functions: await functions() }).toEqual({ answer, status: 3, functions: 10 });
      expect(shown).toContain('Nothing was installed.');
      expect(shown).not.toContain('report');
    }
    expect(await sync('\x03')).toMatchObject({ status: 130 });
    expect(await functions()).toBe(10);
    const { shown, status } = await sync('yes\r');
    expect(status).toBe(0);
    expect(shown.indexOf('- get_pet_9  GET /pets/9')).toBeLessThan(shown.indexOf(smaller));
    expect(shown).toContain('It is in use now.');
    expect(await functions()).toBe(8);
  });
});

describe.runIf(hasTerminal)('a question of an MCP server', () => {
  const add = () =>
    kosmo.run([
      'mcp:add',
      'modern',
      '--',
      process.execPath,
      join(repository, 'test/e2e/mcp-servers/modern.mjs'),
    ]);

  it('is asked field by field, and what does not fit is asked again', async () => {
    await add();
    const { shown, status } = await typing(
      ['mcp:modern', 'ask'],
      [
        ['The MCP server modern asks: Who are you?', ''],
        ['Answer it?', 'y\r'],
        ['name', 'Mara\r'],
        ['age', 'old\r'],
        ['It must be', '\x7f\x7f\x7f41\r'],
      ],
    );
    expect(status).toBe(0);
    expect(shown).toMatch(/accept/);
    expect(shown).toMatch(/Mara/);
    expect(shown).toMatch(/41/);
  });

  it('is asked in a session where its lines are typed, and Ctrl-C gives up the question alone', async () => {
    await add();
    for (const command of ['mcp:lua', 'integrations:lua']) {
      const { shown, status } = await typing(
        [command, '--repl'],
        [
          ['> ', 'kept = 7\r'],
          ['> ', 'print(json.encode(app.mcp.modern.ask{}))\r'],
          ['The MCP server modern asks: Who are you?', ''],
          ['Answer it? [y]es, [n]o: ', 'perhaps\r'],
          ['y or n', ''],
          ['Answer it? [y]es, [n]o: ', 'y\r'],
          ['name: ', 'Mara\r'],
          ['age: ', '41\r'],
          ['"age":41', ''],
          ['> ', 'app.mcp.modern.ask{}.action, kept\r'],
          ['Answer it? [y]es, [n]o: ', 'half an ans\x03'],
          ['"cancel"\t7', ''],
          ['> ', 'app.mcp.modern.ask{}.action, kept + 1\r'],
          ['Answer it? [y]es, [n]o: ', 'n\r'],
          ['"decline"\t8', ''],
          ['> ', ':quit\r'],
        ],
      );
      expect(status).toBe(0);
      expect(shown).not.toContain('error');
      expect(shown).not.toContain('The state was lost');
    }
  });

  it('is given up, and a session left, when its terminal is left in the middle', async () => {
    await add();
    const { shown, status } = await typing(
      ['mcp:lua', '--repl'],
      [
        ['> ', 'app.mcp.modern.ask{}.action\r'],
        ['Answer it? [y]es, [n]o: ', '\x04'],
        ['"cancel"', ''],
      ],
    );
    expect([status, shown]).toEqual([0, expect.not.stringContaining('error')]);
  });

  it('can be declined, and the server hears that', async () => {
    await add();
    const { shown, status } = await typing(['mcp:modern', 'ask'], [['Answer it?', 'n\r']]);
    expect([status, shown]).toEqual([0, expect.stringContaining('decline')]);
  });
});

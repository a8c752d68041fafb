import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerJson, type Envelope, envelopeOf, Kosmo, repository, TestApi } from './kosmo.ts';

const secret = 'sk_live_planted_7f3a9';
let api: TestApi;
let kosmo: Kosmo;
beforeAll(async () => {
  api = await TestApi.open(({ method, url }, response) => {
    if (method === 'GET')
      answerJson(response, 200, { object: 'list', data: [], list_metadata: { before: null, after: null } });
    else answerJson(response, 201, { object: 'organization', id: `org_${url.length}`, name: 'Acme' });
  });
});
afterAll(() => api.close());
beforeEach(() => {
  kosmo = new Kosmo();
  api.received.length = 0;
});
afterEach(() => kosmo.remove());

const home = (name = '') => join(kosmo.home, 'kosmo', name);
const configure = (...args: string[]) => kosmo.run(['integrations:configure', 'workos', ...args]);
const configured = async (...args: string[]) => {
  const { status, stdout, stderr } = await configure(...args, '--json');
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
  return envelopeOf(stdout);
};
const status = async (...args: string[]) => {
  const { stdout } = await kosmo.run(['integrations:status', 'workos', '--json', ...args]);
  return envelopeOf(stdout)['integrations'][0].accounts as Envelope[];
};
const list = 'return app.integrations.workos.list_organizations{}';
const create = 'return app.integrations.workos.create_organization{ name = "Acme" }.id';
const authorization = () => api.received.map(({ headers }) => headers.authorization);

describe('integrations:fields', () => {
  it('tells what an account holds', async () => {
    const { stdout } = await kosmo.run(['integrations:fields', 'workos', '--json']);
    const { fields } = envelopeOf(stdout) as { fields: Envelope[] };
    expect(fields.find(({ name }) => name === 'api_key')).toMatchObject({
      secret: true,
      required: true,
      env: 'WORKOS_API_KEY',
    });
    expect((await kosmo.run(['integrations:fields', 'workos'])).stdout).toContain(
      'WORKOS_API_KEY; required; secret',
    );
    const wrong = await kosmo.run(['integrations:fields', 'work-os']);
    expect(wrong).toMatchObject({ status: 1, stdout: '' });
    expect(wrong.stderr).toContain('Did you mean workos?');
  });
});

describe('integrations:configure', () => {
  it('keeps a credential encrypted, in files that are open to nobody else', async () => {
    await configured('--set', `api_key=${secret}`, '--set', `url=${api.url}`, '--set', 'client_id=client_1');
    expect(statSync(home()).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(home())) {
      expect([name, statSync(home(name)).mode & 0o777]).toEqual([name, 0o600]);
      expect(readFileSync(home(name), 'utf8')).not.toContain(secret);
    }
    expect(
      JSON.parse(readFileSync(home('settings.json'), 'utf8')).integrations.workos.accounts.default.values,
    ).toEqual({
      url: api.url,
      client_id: 'client_1',
    });
    expect(await kosmo.lua(list)).toMatchObject({ success: true });
    expect(authorization()).toEqual([`Bearer ${secret}`]);
  });

  it('takes fields from stdin, a command’s output, and takes them out again', async () => {
    const fromStdin = await kosmo.run(
      ['integrations:configure', 'workos', '--account', 'work', '--stdin-json', '--json'],
      JSON.stringify({ api_key: secret, url: api.url, client_id: null }),
    );
    expect(fromStdin.status).toBe(0);
    await configured(
      '--set-command',
      `api_key=echo from-a-vault >> ${home('ran')}; echo sk_from_vault`,
      '--set',
      `url=${api.url}`,
    );
    const two =
      'for _ = 1, 3 do app.integrations.workos.list_organizations{} end app.integrations.workos.work.list_users{}';
    expect(await kosmo.lua(two)).toMatchObject({ success: true });
    expect(authorization()).toEqual([...Array(3).fill('Bearer sk_from_vault'), `Bearer ${secret}`]);
    // Once for the run, and not at all for what needs no credential.
    expect(readFileSync(home('ran'), 'utf8')).toBe('from-a-vault\n');
    await kosmo.lua('return 1');
    await kosmo.run(['integrations:status', 'workos']);
    expect(readFileSync(home('ran'), 'utf8')).toBe('from-a-vault\n');
    await configured('--account', 'work', '--unset', 'api_key');
    const failed = await kosmo.lua('app.integrations.workos.list_users{}', '--account', 'work');
    expect(failed).toMatchObject({ status: 4, error: { code: 'unknown_account' } });
  });

  it.each([
    ['fails', 'exit 7', 'exit code 7'],
    ['prints nothing', 'true', 'printed nothing'],
    ['prints several lines', 'printf "a\\nb\\n"', 'more than one line'],
    ['prints without end', 'yes sk_secret_of_yes | tr -d "\\n"', 'printed more than 64 KB'],
  ])('has the call fail when the command %s, without what it printed', async (_, command, words) => {
    await configured('--set-command', `api_key=echo sk_on_stderr >&2; ${command}`, '--set', `url=${api.url}`);
    const { error, status: exit, output } = await kosmo.lua(list);
    expect({ exit, code: error.code }).toEqual({ exit: 4, code: 'credential_command' });
    expect(error.message).toContain(words);
    expect(JSON.stringify([error.message, output])).not.toContain('sk_');
    expect(api.received).toEqual([]);
  });

  it('removes an account with its credentials and its policy', async () => {
    await configured('--account', 'work', '--set', `api_key=${secret}`, '--write', 'deny');
    const { stdout } = await configure('--account', 'work', '--remove');
    expect(stdout).toContain('is removed');
    expect((await status()).map(({ name }) => name)).toEqual(['default', 'localhost']);
    expect(readFileSync(home('credentials.json'), 'utf8')).not.toContain('work');
    expect((await configure('--account', 'work', '--remove')).status).toBe(4);
  });

  it('disables an integration for every account but the local server’s, and enables it again', async () => {
    await configured('--set', `api_key=${secret}`, '--set', `url=${api.url}`, '--disable');
    expect(await kosmo.lua(list)).toMatchObject({ status: 3, error: { code: 'disabled' } });
    expect(await kosmo.lua(list, '--local')).toMatchObject({ status: 0 });
    await configured('--enable');
    expect(await kosmo.lua(list)).toMatchObject({ status: 0 });
  });

  it.each([
    ['a word of Lua', ['--account', 'end', '--set', 'api_key=x'], 'that is a word of Lua'],
    ['a function', ['--account', 'list_users', '--set', 'api_key=x'], 'a function of workos'],
    ['the local server', ['--account', 'localhost', '--set', 'api_key=x'], 'the local server'],
    ['no name', ['--account', 'My Work', '--set', 'api_key=x'], 'small letters'],
  ])('refuses %s as an account’s name', async (_, args, words) => {
    const { status: exit, stderr } = await configure(...args);
    expect(exit).toBe(2);
    expect(stderr).toContain(words);
    expect(existsSync(home('credentials.json'))).toBe(false);
  });

  it.each([
    ['an unknown field', ['--set', `api_keys=${secret}`], 'Did you mean api_key?'],
    ['no field', ['--set', secret], '--set takes a field and its value'],
    ['an empty value', ['--set', 'api_key='], 'the value is empty'],
    ['two lines', ['--set', `api_key=${secret}\nx`], 'a value is one line'],
    ['a URL that is none', ['--set', `url=${secret}`], 'https:// or http://'],
    ['a field twice', ['--set', `api_key=${secret}`, '--unset', 'api_key'], 'given twice'],
    ['a pattern that fits nothing', ['--deny', 'delete_organisation'], 'Did you mean delete_organization?'],
    ['two rules for a pattern', ['--deny', 'list_*', '--allow', 'list_*'], 'Two rules'],
    ['another verdict', ['--write', 'maybe'], 'Allowed choices are allow, ask, deny, default'],
    ['nothing to change', [], 'There is nothing to change'],
    ['a contradiction', ['--enable', '--disable'], 'contradict'],
  ])('refuses %s without repeating what was given', async (_, args, words) => {
    const { status: exit, stderr, stdout } = await configure(...args);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toContain(secret);
    expect(existsSync(home('settings.json'))).toBe(false);
  });

  it('tells where the JSON on stdin is broken', async () => {
    const { status: exit, stderr } = await kosmo.run(
      ['integrations:configure', 'workos', '--stdin-json'],
      `{\n  "api_key": "${secret}"\n  "url": 1 }`,
    );
    expect(exit).toBe(2);
    expect(stderr).toContain('stdin:3:3: a comma is expected here');
    expect(stderr).not.toContain(secret);
  });
});

describe('values', () => {
  it('come from the account first, then from the environment, then from defaults; status tells which', async () => {
    await configured('--set', 'client_id=client_of_account', '--set-command', 'client_secret=echo s');
    const variables = {
      WORKOS_API_KEY: 'sk_env',
      WORKOS_CLIENT_ID: 'client_env',
      WORKOS_API_KEY__WORK: 'sk_work',
    };
    const { stdout } = await kosmo.run(['integrations:status', 'workos', '--json'], '', variables);
    const [account, work] = envelopeOf(stdout)['integrations'][0].accounts;
    expect(
      Object.fromEntries(account.fields.map((field: Envelope) => [field['name'], field['origin']])),
    ).toEqual({
      api_key: 'environment',
      client_id: 'settings',
      client_secret: 'command',
      access_token: null,
      url: 'default',
    });
    expect(account.ignored_variables).toEqual(['WORKOS_CLIENT_ID']);
    expect(work).toMatchObject({ name: 'work', configured: true });
    expect(stdout).not.toContain('sk_');
    const shown = await kosmo.run(['integrations:status'], '', variables);
    expect(shown.stdout).toContain('(WORKOS_API_KEY)');
    expect(shown.stdout).toContain('from the command echo s');
  });

  it('that are secret are not sent to a URL of the environment', async () => {
    await configured('--set', `api_key=${secret}`);
    const { stdout } = await kosmo.run(['integrations:status', 'workos', '--json'], '', {
      WORKOS_BASE_URL: api.url,
    });
    const [account] = envelopeOf(stdout)['integrations'][0].accounts;
    expect(account.ignored_variables).toEqual(['WORKOS_BASE_URL']);
    expect(account.fields.find(({ name }: Envelope) => name === 'url')).toMatchObject({
      origin: 'default',
      value: 'https://api.workos.com',
    });
  });
});

describe('a policy that was configured', () => {
  beforeEach(() => configured('--set', `api_key=${secret}`, '--set', `url=${api.url}`));

  it('decides by effect and by pattern, and rules are taken back', async () => {
    expect(await kosmo.lua(create)).toMatchObject({ status: 3, error: { code: 'approval_required' } });
    const asked = await kosmo.lua(create);
    await configured('--allow', 'workos.create-organization');
    expect(await kosmo.lua(create)).toMatchObject({ status: 0 });
    await configured('--deny', 'create_*', '--write=allow');
    expect(await kosmo.lua(create)).toMatchObject({ status: 0 });
    await configured('--forget', 'workos.create_organization');
    const denied = await kosmo.lua(create, '--force');
    expect(denied).toMatchObject({ status: 3, error: { code: 'denied' } });
    expect(denied['error'].hint).toContain("--forget 'create_*'");
    await configured('--forget', 'create_*', '--write=default', '--read=deny');
    expect(await kosmo.lua(list, '--force')).toMatchObject({ error: { code: 'denied' } });
    const [account] = await status();
    expect(account?.['policy']).toEqual({
      read: 'deny',
      write: 'ask',
      destructive: 'ask',
      force: true,
      operations: {},
    });
    expect(api.received.length).toBe(2);
    expect(asked['error'].details.commands).toEqual([
      'kosmo integrations:configure workos --allow workos.create_organization',
    ]);
  });

  it('names the command that allows a call, and the command does', async () => {
    const { error } = await kosmo.lua(create);
    const [command] = error.details.commands as [string];
    await kosmo.run(command.split(' ').slice(1));
    expect(await kosmo.lua(create)).toMatchObject({ status: 0 });
  });

  it('tells every operation of the program that it refuses, not the first alone', async () => {
    await configured('--deny', 'delete_user');
    const program =
      `${create} app.integrations.workos.list_users{} for _, id in ipairs({}) do app.integrations.workos.delete_user{ id = id } app.integrations.workos.delete_organization{ id = id } end`.replace(
        'return ',
        'local x = ',
      );
    const { error } = await kosmo.lua(program);
    expect(error.code).toBe('approval_required');
    expect(error.details.refused.map(({ name, verdict }: Envelope) => [name, verdict])).toEqual([
      ['workos.create_organization', 'ask'],
      ['workos.delete_user', 'deny'],
      ['workos.delete_organization', 'ask'],
    ]);
    expect(error.message).toContain('workos.delete_user (destructive, account default) is denied');
    expect(error.details.commands[0]).toContain(
      '--allow workos.create_organization --allow workos.delete_organization',
    );
    expect(api.received).toEqual([]);
  });

  it('is answered by a run for some functions, narrowed for others, and limited in number', async () => {
    expect(await kosmo.lua(create, '--allow', 'create_*')).toMatchObject({ status: 0 });
    expect(await kosmo.lua(list, '--deny', 'workos.list_*')).toMatchObject({
      status: 3,
      error: { code: 'denied' },
    });
    expect(await kosmo.lua(create, '--force', '--read-only')).toMatchObject({ status: 3 });
    const thrice = `for _ = 1, 3 do pcall(app.integrations.workos.create_organization, { name = "A" }) end`;
    expect(await kosmo.lua(thrice, '--force', '--max-writes', '2')).toMatchObject({
      status: 5,
      error: { code: 'call_limit', details: { limit: 'writes', value: 2 } },
    });
    expect(await kosmo.lua(list, '--max-calls', '0')).toMatchObject({ status: 5 });
    const typo = await kosmo.lua(list, '--deny', 'list_organisations');
    expect(typo).toMatchObject({ status: 2, error: { code: 'usage' } });
    expect(typo['error'].message).toContain('list_organizations');
  });

  it('can turn --force off: for an account, for a home, for an environment', async () => {
    await configured('--force', 'no');
    const refused = await kosmo.lua(create, '--force');
    expect(refused).toMatchObject({ status: 3, error: { code: 'approval_required' } });
    expect(refused['error'].hint).toContain('--force does not count');
    await configured('--force', 'yes');
    for (const flags of [['--force'], ['--allow', '*']]) {
      const { status: exit, stderr } = await kosmo.run(['integrations:lua', '--eval', create, ...flags], '', {
        KOSMO_NO_FORCE: '1',
      });
      expect(exit).toBe(3);
      expect(stderr).toContain('is turned off here by KOSMO_NO_FORCE');
    }
    const settings = JSON.parse(readFileSync(home('settings.json'), 'utf8'));
    writeFileSync(home('settings.json'), JSON.stringify({ ...settings, force: false }));
    expect(await kosmo.lua(create, '--force')).toMatchObject({
      status: 3,
      error: { code: 'force_forbidden' },
    });
    expect(api.received).toEqual([]);
  });
});

describe('files that are not as they should be', () => {
  it('a settings file that is broken is named with its place, kept as it is, and stops no local run', async () => {
    await configured('--set', `api_key=${secret}`, '--deny', 'delete_*');
    const broken = '{\n  "version": 1\n  "integrations": {}\n}\n';
    writeFileSync(home('settings.json'), broken);
    const run = await kosmo.lua(list);
    expect(run).toMatchObject({ status: 4, error: { code: 'settings_invalid' } });
    expect(run['error'].message).toContain(`${home('settings.json')}:3:3: a comma is expected here`);
    expect((await configure('--write', 'allow')).status).toBe(4);
    expect(readFileSync(home('settings.json'), 'utf8')).toBe(broken);
    expect(await kosmo.lua(list, '--local')).toMatchObject({ status: 0 });
  });

  it('one account that is wrong does not stop the others', async () => {
    await configured('--set', `api_key=${secret}`, '--set', `url=${api.url}`);
    await configured('--account', 'work', '--set', `api_key=${secret}`, '--write', 'ask');
    const text = readFileSync(home('settings.json'), 'utf8').replace('"write": "ask"', '"wirte": "ask"');
    writeFileSync(home('settings.json'), text);
    expect(await kosmo.lua(list)).toMatchObject({ status: 0 });
    const wrong = await kosmo.lua('return app.integrations.workos.work.list_users{}');
    expect(wrong).toMatchObject({ status: 4, error: { code: 'settings_invalid' } });
    expect(wrong['error'].message).toContain(
      'integrations.workos.accounts.work.policy.wirte: expected one of the keys',
    );
    expect((await status()).map(({ name, problem }) => [name, problem?.code ?? null])).toEqual([
      ['default', null],
      ['work', 'settings_invalid'],
      ['localhost', null],
    ]);
    await configured('--set', 'client_id=client_2');
    expect(readFileSync(home('settings.json'), 'utf8')).toContain('wirte');
  });

  it('a wrong KOSMO_KEY opens nothing and overwrites nothing', async () => {
    const right = { KOSMO_KEY: 'ab'.repeat(32) };
    await kosmo.run(['integrations:configure', 'workos', '--set', `api_key=${secret}`], '', right);
    const before = readFileSync(home('credentials.json'), 'utf8');
    const wrong = { KOSMO_KEY: 'cd'.repeat(32) };
    const args = ['integrations:configure', 'workos', '--set', 'api_key=sk_new', '--write', 'allow'];
    const refused = await kosmo.run(args, '', wrong);
    expect(refused.status).toBe(4);
    expect(refused.stderr).toContain('KOSMO_KEY does not open the credentials');
    expect(readFileSync(home('credentials.json'), 'utf8')).toBe(before);
    expect(existsSync(home('settings.json'))).toBe(false);
    const run = await kosmo.run(['integrations:lua', '--eval', list], '', wrong);
    expect(run.status).toBe(4);
  });

  it('links to files elsewhere stay links', async () => {
    mkdirSync(home(), { recursive: true });
    const elsewhere = join(kosmo.home, 'dotfiles-settings.json');
    writeFileSync(elsewhere, '{ "version": 1 }\n');
    symlinkSync(elsewhere, home('settings.json'));
    await configured('--write', 'deny');
    expect(
      JSON.parse(readFileSync(elsewhere, 'utf8')).integrations.workos.accounts.default.policy.write,
    ).toBe('deny');
  });

  it('a home that is a file, or may not be written, is named', async () => {
    const file = join(kosmo.home, 'file');
    writeFileSync(file, '');
    const refused = await kosmo.run(['integrations:configure', 'workos', '--write', 'deny'], '', {
      KOSMO_HOME: file,
    });
    expect(refused.status).toBe(4);
    expect(refused.stderr).toContain(`Cannot write ${file}`);
    if (process.getuid?.() === 0) return;
    mkdirSync(home(), { recursive: true });
    chmodSync(home(), 0o500);
    expect((await configure('--write', 'deny')).stderr).toContain('you may not');
    chmodSync(home(), 0o700);
  });

  it('a write that the system cuts off leaves what was there', async () => {
    await configured('--set', `api_key=${secret}`, '--deny', 'delete_*');
    const before = readdirSync(home()).map((name) => [name, readFileSync(home(name), 'utf8')]);
    const value = 'x'.repeat(3_000);
    const limited = await kosmo.runUnder('ulimit -f 2', [
      'integrations:configure',
      'workos',
      '--set',
      `client_id=${value}`,
    ]);
    expect(limited.status).not.toBe(0);
    const after = new Map(readdirSync(home()).map((name) => [name, readFileSync(home(name), 'utf8')]));
    for (const [name, text] of before) expect(after.get(name ?? '')).toBe(text);
    expect(await status()).toMatchObject([{ name: 'default', configured: true }, {}]);
  });
});

/** Whether this machine lets a test have a small disk of its own. */
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

it.runIf(canMount)('a full disk is named, and leaves what was there', async () => {
  mkdirSync(home(), { recursive: true });
  const kosmoCommand = `'${process.execPath}' '${join(repository, 'dist/cli/main.cjs')}'`;
  const configureCommand = `${kosmoCommand} integrations:configure workos`;
  // One shell, because the disk is there for it alone.
  const steps = `
    mount -t tmpfs -o size=64k none '${home()}'
    ${configureCommand} --set api_key=${secret} --deny 'delete_*' >/dev/null || exit 1
    cat '${home('settings.json')}' '${home('credentials.json')}' >'${kosmo.home}/before'
    dd if=/dev/zero of='${home('filler')}' bs=1k 2>/dev/null
    ${configureCommand} --set api_key=sk_new --write allow 2>'${kosmo.home}/said'; echo $? >'${kosmo.home}/status'
    cat '${home('settings.json')}' '${home('credentials.json')}' >'${kosmo.home}/after'
    ls '${home()}' >'${kosmo.home}/files'`;
  const { status: shell } = spawnSync('unshare', ['-rm', 'bash', '-c', steps], {
    env: { PATH: process.env['PATH'], HOME: kosmo.home, KOSMO_HOME: home(), KOSMO_KEYRING: 'off' },
  });
  const result = (name: string) => readFileSync(join(kosmo.home, name), 'utf8');
  expect([shell, result('status')]).toEqual([0, '4\n']);
  expect(result('said')).toContain('the disk is full. Nothing was changed.');
  expect(result('after')).toBe(result('before'));
  expect(
    result('files')
      .split('\n')
      .filter((name) => name.endsWith('.tmp')),
  ).toEqual([]);
});

it.runIf(canMount)('a home on a disk that is read-only can be used, and not changed', async () => {
  mkdirSync(home(), { recursive: true });
  await configured('--set', `api_key=${secret}`, '--set', `url=${api.url}`);
  const kosmoCommand = `'${process.execPath}' '${join(repository, 'dist/cli/main.cjs')}'`;
  const steps = `
    mount --bind '${home()}' '${home()}' && mount -o remount,bind,ro '${home()}' || exit 1
    ${kosmoCommand} integrations:configure workos --write allow 2>'${kosmo.home}/said'; echo $? >'${kosmo.home}/status'
    ${kosmoCommand} integrations:lua --eval '${list}' >/dev/null; echo $? >>'${kosmo.home}/status'`;
  // Not waited for in one go: the API answers in this process.
  const shell = spawn('unshare', ['-rm', 'bash', '-c', steps], {
    env: { PATH: process.env['PATH'], HOME: kosmo.home, KOSMO_HOME: home(), KOSMO_KEYRING: 'off' },
  });
  const [ending] = (await once(shell, 'close')) as [number | null];
  const result = (name: string) => readFileSync(join(kosmo.home, name), 'utf8');
  expect([ending, result('status')]).toEqual([0, '4\n0\n']);
  expect(result('said')).toContain('the disk is read-only. Nothing was changed.');
  expect(authorization()).toEqual([`Bearer ${secret}`]);
});

describe('processes at once', () => {
  it('each keep what they configure', async () => {
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(
      names.map((name) =>
        configured('--account', `team_${name}`, '--set', `api_key=sk_${name}`, '--deny', `delete_*`),
      ),
    );
    const accounts = await status();
    expect(accounts.map(({ name }) => name)).toEqual([
      'default',
      ...names.map((name) => `team_${name}`),
      'localhost',
    ]);
    for (const { name, policy, fields } of accounts.slice(1, -1)) {
      expect([name, policy.operations]).toEqual([name, { 'delete_*': 'deny' }]);
      expect(fields[0]).toMatchObject({ name: 'api_key', origin: 'credentials' });
    }
  });
});

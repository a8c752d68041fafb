import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { answerJson, type Envelope, ended, envelopeOf, Kosmo, repository, TestApi } from './kosmo.ts';

const kosmo = new Kosmo();
const children: ReturnType<Kosmo['start']>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => kosmo.remove());

async function startLocal(
  ...options: string[]
): Promise<{ about: Envelope; stop: (signal: NodeJS.Signals) => Promise<number | null> }> {
  const child = kosmo.start(['local:start', '--port', '0', '--json', ...options]);
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    about: envelopeOf(line.toString()),
    stop: async (signal) => {
      child.kill(signal);
      const [status] = (await once(child, 'close')) as [number | null];
      return status;
    },
  };
}

describe('local:start', () => {
  it('says in one line where it is, and ends cleanly when told to', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { about, stop } = await startLocal();
      expect(about).toEqual({
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
        api_key: 'sk_test_localhost',
        client_id: 'client_localhost',
        db: join(kosmo.home, 'kosmo/workos-local/workos.db'),
      });
      const answer = await fetch(`${about['url']}/organizations`, {
        headers: { authorization: `Bearer ${about['api_key']}` },
      });
      expect([answer.status, ((await answer.json()) as Envelope)['object']]).toEqual([200, 'list']);
      expect(await stop(signal)).toBe(0);
    }
  });

  it('shares its state with programs that use the local server in their own process', async () => {
    const { about, stop } = await startLocal();
    const made = await kosmo.lua(
      'return app.integrations.workos.create_organization{ name = "Made in process" }.id',
      '--local',
    );
    const headers = { authorization: `Bearer ${about['api_key']}` };
    const answer = await fetch(`${about['url']}/organizations/${made['result']}`, { headers });
    expect(await answer.json()).toMatchObject({ name: 'Made in process' });
    await stop('SIGTERM');
    const again = await kosmo.lua(
      `return app.integrations.workos.get_organization{ id = "${made['result']}" }.name`,
      '--local',
    );
    expect(again['result']).toBe('Made in process');
  });

  it('is what a default account may point at', async () => {
    const { about } = await startLocal('--db', ':memory:');
    const child = kosmo.start(
      ['integrations:lua', '--json', '--eval', 'return #app.integrations.workos.list_organizations{}.data'],
      {
        WORKOS_API_KEY: about['api_key'],
        WORKOS_BASE_URL: about['url'],
      },
    );
    expect(envelopeOf((await ended(child)).stdout)).toMatchObject({
      success: true,
      result: 3,
      integration_calls: [{ account: 'default' }],
    });
  });

  it('says when its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const { status, stdout, stderr } = await kosmo.run(['local:start', '--port', port]);
    taken.close();
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(port);
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });

  it('leaves a file that is no database as it was', async () => {
    const path = join(kosmo.home, 'letter.txt');
    writeFileSync(path, 'Dear reader. '.repeat(100));
    const { status, stderr } = await kosmo.run(['local:start', '--port', '0', '--db', path]);
    expect(status).toBe(4);
    expect(stderr).toContain(path);
    expect(readFileSync(path, 'utf8')).toBe('Dear reader. '.repeat(100));
  });

  it('refuses a port that is none', async () => {
    for (const port of ['x', '-1', '70000', '1.5']) {
      const { status, stderr } = await kosmo.run(['local:start', '--port', port]);
      expect(status).toBe(2);
      expect(stderr).toContain('It takes a port from 0 to 65535.');
    }
  });
});

describe('a home that cannot be used', () => {
  it('is told, with exit code 4, and the program may catch it', async () => {
    const file = join(kosmo.home, 'file');
    writeFileSync(file, '');
    const child = kosmo.start(
      ['integrations:lua', '--local', '--json', '--eval', 'app.integrations.workos.list_users{}'],
      { KOSMO_HOME: file },
    );
    const { status, stdout } = await ended(child);
    expect(status).toBe(4);
    expect(envelopeOf(stdout)).toMatchObject({ error: { code: 'home_unusable' } });
  });

  it('with a damaged database leaves the file as it was', async () => {
    const home = join(kosmo.home, 'damaged');
    mkdirSync(join(home, 'workos-local'), { recursive: true });
    const path = join(home, 'workos-local/workos.db');
    writeFileSync(path, 'not a database '.repeat(300));
    const child = kosmo.start(
      ['integrations:lua', '--local', '--json', '--eval', 'app.integrations.workos.list_users{}'],
      { KOSMO_HOME: home },
    );
    const { status, stdout } = await ended(child);
    expect(status).toBe(4);
    expect(envelopeOf(stdout)).toMatchObject({ error: { code: 'database_invalid' } });
    expect(readFileSync(path, 'utf8')).toBe('not a database '.repeat(300));
  });
});

describe('a run and its surroundings', () => {
  it('that is interrupted ends with exit code 130, and tells what it had printed', async () => {
    // The call tells that the program is under way; the loop after it never ends by itself.
    const api = await TestApi.open((_, response) => {
      answerJson(response, 200, { object: 'list', data: [], list_metadata: {} });
      setTimeout(() => child.kill('SIGINT'), 20);
    });
    const program = 'print("begun") app.integrations.workos.list_organizations{} while true do end';
    const child = kosmo.start(['integrations:lua', '--json', '--eval', program], {
      WORKOS_API_KEY: 'sk_test_x',
      WORKOS_BASE_URL: api.url,
    });
    const { status, stdout } = await ended(child);
    expect(status).toBe(130);
    expect(envelopeOf(stdout)).toMatchObject({
      success: false,
      output: 'begun\n',
      error: { code: 'interrupted' },
    });
    api.close();
  });

  it('prints while it goes on', async () => {
    const child = kosmo.start([
      'integrations:lua',
      '--eval',
      'print("first") local t = os.time() while os.time() - t < 2 do end print("second")',
    ]);
    children.push(child);
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    expect(first.toString()).toBe('first\n');
    expect(child.exitCode).toBeNull();
  });

  it('ends in silence when nobody reads on', async () => {
    for (const options of [[], ['--json']]) {
      const child = kosmo.start([
        'integrations:lua',
        '--eval',
        'for i = 1, 100000 do print(i) end',
        ...options,
      ]);
      let errors = '';
      child.stderr.on('data', (text: Buffer) => {
        errors += text.toString();
      });
      child.stdout.once('data', () => child.stdout.destroy());
      const [status] = (await once(child, 'exit')) as [number | null];
      expect([status, errors]).toEqual([options.length === 0 ? 141 : 0, '']);
    }
  });
});

describe('the library', () => {
  it('runs programs and calls, and lets the process end', async () => {
    const program = `import { createRuntime } from ${JSON.stringify(join(repository, 'dist/index.js'))};
      const kosmo = createRuntime({ home: ${JSON.stringify(kosmo.home)}, localDatabase: ':memory:', environment: {} });
      const run = await kosmo.lua({ source: 'return #app.integrations.workos.list_users{ limit = 5 }.data', name: 'count', account: 'localhost' });
      const call = await kosmo.call({ integration: 'workos', account: 'localhost', function: 'get_user', args: { user_id: 'user_123' } });
      const refused = await kosmo.call({ integration: 'workos', account: null, function: 'list_users', args: {} });
      await kosmo.close();
      console.log(JSON.stringify([run.result, call.ok && call.value.id, refused.ok || refused.error.code]));`;
    const { execFile } = await import('node:child_process');
    const output = await new Promise<string>((resolve, reject) => {
      execFile(process.execPath, ['--input-type=module', '--eval', program], (error, stdout) =>
        error === null ? resolve(stdout) : reject(error),
      );
    });
    expect(JSON.parse(output)).toEqual([5, 'user_123', 'not_configured']);
  });
});

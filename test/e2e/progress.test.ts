import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerJson, binary, Kosmo, repository, TestApi } from './kosmo.ts';

const kosmo = new Kosmo();
let api: TestApi;
let remote: Record<string, string>;
beforeAll(async () => {
  api = await TestApi.open(({ url }, response) => {
    const answer = () =>
      answerJson(response, 200, { data: [{ id: 'user_1', email: 'a@b.example' }], list_metadata: {} });
    // Long enough for a person to wonder.
    if (url.includes('limit=1')) setTimeout(answer, 1_600);
    else answer();
  });
  remote = { WORKOS_API_KEY: 'sk_x', WORKOS_BASE_URL: api.url };
});
afterAll(() => {
  api.close();
  kosmo.remove();
});

const hasTerminal = spawnSync('script', ['--version']).status === 0;

/** Runs kosmo on a terminal of its own, and gives all that the terminal was sent. */
async function onTerminal(args: readonly string[], more: Record<string, string> = {}): Promise<string> {
  const words = [process.execPath, binary, ...args].map((word) => `'${word}'`).join(' ');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: kosmo.home,
    KOSMO_HOME: join(kosmo.home, 'kosmo'),
    TERM: 'xterm-256color',
    ...remote,
    ...more,
  };
  const child = spawn('script', ['-qec', words, '/dev/null'], {
    cwd: repository,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  await once(child, 'close');
  return shown;
}

describe.skipIf(!hasTerminal)('on a terminal', () => {
  it('a table has a bold head, unless NO_COLOR is set', async () => {
    expect(await onTerminal(['integrations:workos', 'list_users'])).toContain('\u001b[1mID\u001b[22m');
    const plain = await onTerminal(['integrations:workos', 'list_users'], { NO_COLOR: '1' });
    expect(plain).not.toContain('\u001b[');
    expect(plain).toContain('user_1');
  });

  it('a call that takes longer than a second shows that it goes on, and leaves no trace', async () => {
    const shown = await onTerminal(['integrations:workos', 'list_users', '--limit', '1']);
    expect(shown).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] list_users, \d s/);
    // The line is taken away before the table comes.
    expect(shown).toContain('\r\u001b[K\u001b[1mID\u001b[22m');
  });

  it('so does a program, and what it prints stays whole', async () => {
    const program = 'print("before") app.integrations.workos.list_users{ limit = 1 } print("after")';
    const shown = await onTerminal(['integrations:lua', '--eval', program]);
    expect(shown).toMatch(/eval, \d s/);
    expect(shown).toContain('before\r\n');
    expect(shown).toContain('\r\u001b[Kafter\r\n');
  });
});

describe('in a pipe', () => {
  it('nothing but the result is written, however long it takes', async () => {
    const run = await kosmo.run(['integrations:workos', 'list_users', '--limit', '1'], '', remote);
    expect(run).toEqual({ status: 0, stderr: '', stdout: 'ID      EMAIL\nuser_1  a@b.example\n' });
  });
});

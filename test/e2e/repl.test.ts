import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import { ended, Kosmo } from './kosmo.ts';

const kosmo = new Kosmo();
afterAll(() => kosmo.remove());

const typed = (...lines: string[]) =>
  kosmo.run(['integrations:lua', '--repl', '--local'], `${lines.join('\n')}\n`);

describe('--repl', () => {
  it('shows what expressions give, and keeps what lines define', async () => {
    const { stdout, stderr, status } = await typed(
      'x = 5',
      'x + 1',
      '=x, "text", nil',
      'local y = x * 2',
      'y',
      'function double(n)',
      '  return n * 2',
      'end',
      'double(y)',
      '{ 1, { a = "b" } }',
      'print("printed")',
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toBe('6\n5\t"text"\tnil\n10\n20\n{ 1, { a = "b" } }\nprinted\n');
  });

  it('goes on after an error, of whatever kind', async () => {
    const { stdout, stderr, status } = await typed(
      'kept = 1',
      'nil .. 1',
      'x = = 1',
      'app.integrations.workos.nope{}',
      'kept',
    );
    expect([status, stdout]).toEqual([0, '1\n']);
    expect(stderr).toContain('repl:1: attempt to concatenate a nil value');
    expect(stderr).toContain("unexpected symbol near '='");
    expect(stderr).toContain('Unknown function app.integrations.workos.nope');
    expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
  });

  it('has commands', async () => {
    const { stdout, stderr } = await typed(
      ':calls',
      '#app.integrations.workos.list_users{ limit = 3 }.data',
      ':calls',
      ':doc workos.list_users',
      ':doc nothing',
      ':nonsense',
      ':help',
      ':quit',
      'print("never")',
    );
    expect(stdout).toMatch(
      /^No calls were made\.\n3\nworkos\.workos_userland_users_list_0 \(localhost\) 200 [\d.]+ ms\n# workos\.list_users\n/,
    );
    expect(stdout).toContain(':doc NAME');
    expect(stdout).not.toContain('never');
    expect(stderr).toContain('there is no :nonsense');
    expect(stderr).toContain('nothing');
  });

  it('keeps each line within its limits, and says when the state went with it', async () => {
    const child = kosmo.start(['integrations:lua', '--repl', '--cpu-limit', '0.2', '--memory-limit', '8M']);
    child.stdin.end(
      'a = 1\nwhile true do end\na\nb = 2\nlocal t = {} while true do t[#t + 1] = {} end\nb\nprint("alive")\n',
    );
    const { stdout, stderr, status } = await ended(child);
    expect([status, stdout]).toEqual([0, 'nil\nnil\nalive\n']);
    expect(stderr.match(/The state was lost/g)).toHaveLength(2);
    expect(stderr).toContain('ran for more than 0.2 s');
  });

  it('stops a line and not itself when it is interrupted', async () => {
    const child = kosmo.start(['integrations:lua', '--repl', '--local']);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const seen = async (text: string) => {
      while (!output.includes(text)) await once(child.stdout, 'data');
    };
    child.stdin.write('kept = 7\nprint("begun") while true do pcall(function() while true do end end) end\n');
    await seen('begun');
    child.kill('SIGINT');
    child.stdin.write('print("still", kept)\n');
    await seen('still\t7');
    child.stdin.end();
    const [status] = (await once(child, 'close')) as [number | null];
    expect(status).toBe(0);
  });

  it('ends a line that cannot look up, and its state', async () => {
    const child = kosmo.start(['integrations:lua', '--repl']);
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stdin.write('kept = 7\nprint("begun") string.find(("a"):rep(60), ("a*"):rep(60) .. "b")\n');
    while (!output.includes('begun')) await once(child.stdout, 'data');
    child.kill('SIGINT');
    child.stdin.end('print("again", kept)\n');
    const [status] = (await once(child, 'close')) as [number | null];
    expect([status, output]).toEqual([0, 'begun\nagain\tnil\n']);
  });

  it('takes no program and no --json', async () => {
    for (const options of [['--json'], ['--eval', 'x'], ['file.lua']]) {
      const { status, stdout, stderr } = await kosmo.run(['integrations:lua', '--repl', ...options]);
      expect(status).toBe(2);
      expect(stdout + stderr).toContain('--repl takes no program and no --json');
    }
  });
});

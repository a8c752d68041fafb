import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binary, Kosmo } from './kosmo.ts';

const kosmo = new Kosmo();
afterAll(() => kosmo.remove());

describe('help', () => {
  it('of kosmo alone fits a terminal of 24 lines, and shows where to begin', async () => {
    for (const words of [[], ['--help'], ['-h'], ['help']]) {
      const { status, stdout } = await kosmo.run(words);
      expect(status).toBe(0);
      const lines = stdout.trimEnd().split('\n');
      expect(lines.length).toBeLessThanOrEqual(24);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(stdout).toContain('Begin here');
      expect(stdout).toContain('integrations:');
    }
  });

  it('of a group says what each of its commands does, and of a command what it takes', async () => {
    const group = await kosmo.run(['help', 'integrations']);
    expect(group.stdout).toMatch(/integrations:call +call one function/);
    const command = await kosmo.run(['help', 'integrations:call']);
    expect(command.stdout).toContain('Usage: kosmo integrations:call');
    const call = await kosmo.run(['help', 'integrations:workos', 'list_users']);
    expect(call.stdout).toContain('--organization-id');
    expect((await kosmo.run(['help', 'completion'])).stdout).toContain('bash');
    // The beginning of names is no command, but somebody who types it wants to know what there is.
    expect(await kosmo.run(['mcp', '--help'])).toMatchObject({
      status: 0,
      stdout: (await kosmo.run(['help', 'mcp'])).stdout,
    });
    expect(await kosmo.run(['mcp'])).toMatchObject({
      status: 2,
      stderr: 'error: There is no command mcp.\n  kosmo help mcp lists those that begin with mcp:\n',
    });
  });

  it('suggests what a mistyped command may have meant', async () => {
    for (const words of [['integration:call'], ['help', 'integration:call']]) {
      const { status, stderr } = await kosmo.run(words);
      expect(status).toBe(2);
      expect(stderr).toContain('Did you mean integrations:call?');
    }
  });
});

describe('completion', () => {
  const complete = async (...words: string[]) => {
    const { stdout } = await kosmo.run(['completion', '--complete', '--', ...words]);
    return stdout.trim().split('\n').filter(Boolean);
  };

  it('knows commands, integrations, functions, flags and their values', async () => {
    expect(await complete('integrations:s')).toEqual(
      expect.arrayContaining(['integrations:search', 'integrations:schema', 'integrations:status']),
    );
    expect(await complete('integrations:w')).toEqual(['integrations:workos']);
    expect(await complete('integrations:workos', 'list_us')).toEqual(['list_users']);
    expect(await complete('integrations:call', 'workos.list_us')).toEqual(['workos.list_users']);
    expect(await complete('integrations:call', '--local', 'workos.list_us')).toEqual(['workos.list_users']);
    expect(await complete('integrations:workos', 'list_users', '--organization-')).toEqual([
      '--organization-id',
    ]);
    expect(await complete('integrations:workos', 'list_users', '--output', 'y')).toEqual(['yaml']);
    expect(await complete('integrations:workos', 'list_users', '--account', 'l')).toEqual(['localhost']);
    expect(await complete('integrations:docs', 'over')).toEqual(['overview']);
    expect(await complete('integrations:lua', '--dry')).toEqual(['--dry-run']);
    expect(await complete('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await complete('nothing', '')).toEqual([]);
    expect(await complete('integrations:lua', 'work')).toEqual([]);
  });

  it('of a shell that is not known is a usage error', async () => {
    expect((await kosmo.run(['completion', 'tcsh'])).status).toBe(2);
    expect((await kosmo.run(['completion'])).status).toBe(2);
  });

  let folder: string;
  let env: Record<string, string>;
  beforeAll(() => {
    folder = join(kosmo.home, 'bin');
    mkdirSync(folder, { recursive: true });
    const launcher = join(folder, 'kosmo');
    writeFileSync(launcher, `#!/bin/sh\nexec '${process.execPath}' '${binary}' "$@"\n`);
    chmodSync(launcher, 0o755);
    env = {
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      HOME: kosmo.home,
      KOSMO_HOME: join(kosmo.home, 'kosmo'),
    };
  });
  const has = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;
  const run = (shell: string, args: readonly string[]) => {
    const { stdout, stderr, status } = spawnSync(shell, args, { env, encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return stdout.trim().split('\n');
  };

  it.skipIf(!has('bash'))('works in bash, which breaks words at colons', () => {
    const at = (line: string, words: readonly string[]) =>
      run('bash', [
        '-c',
        `source <(kosmo completion bash)
         COMP_LINE='${line}' COMP_POINT=${line.length} COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
         COMP_CWORD=${words.length - 1}
         _kosmo kosmo
         printf '%s\\n' "\${COMPREPLY[@]}"`,
      ]);
    expect(at('kosmo integrations:w', ['kosmo', 'integrations', ':', 'w'])).toEqual(['workos']);
    expect(
      at('kosmo integrations:workos list_us', ['kosmo', 'integrations', ':', 'workos', 'list_us']),
    ).toEqual(['list_users']);
    expect(at('kosmo comp', ['kosmo', 'comp'])).toEqual(['completion']);
  });

  it.skipIf(!has('fish'))('works in fish', () => {
    const at = (line: string) => run('fish', ['-c', `kosmo completion fish | source; complete -C '${line}'`]);
    expect(at('kosmo integrations:workos list_us')).toEqual(['list_users']);
    expect(at('kosmo integrations:w')).toEqual(['integrations:workos']);
  });

  it.skipIf(!has('zsh'))('works in zsh', () => {
    const lines = run('zsh', [
      '-f',
      '-c',
      `autoload -Uz compinit; compinit -D -u; source <(kosmo completion zsh)
       compadd() { shift; print -l -- "$@" }
       words=(kosmo integrations:workos list_us) CURRENT=3
       _kosmo`,
    ]);
    expect(lines).toEqual(['list_users']);
  });
});

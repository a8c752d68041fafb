import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { withLock } from '../../scripts/prepare/lock.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const lockModule = fileURLToPath(new URL('../../scripts/prepare/lock.mjs', import.meta.url));

function deadProcess(): number {
  const { pid } = spawnSync(process.execPath, ['-e', '0']);
  return pid;
}

function writeHolder(path: string, pid: number, host = hostname()): void {
  writeFileSync(path, JSON.stringify({ pid, host, token: `token-of-${pid}` }));
}

it('a job runs while its lock is held, and the lock is given back after it', async () => {
  const path = join(temporaryFolder(), 'lock');
  const result = await withLock(path, {}, async () => existsSync(path) && 'ran');
  expect(result).toBe('ran');
  expect(existsSync(path)).toBe(false);
});

it('a job that fails gives the lock back too', async () => {
  const path = join(temporaryFolder(), 'lock');
  const job = withLock(path, {}, () => Promise.reject(new Error('broken')));
  await expect(job).rejects.toThrow('broken');
  expect(existsSync(path)).toBe(false);
});

it('two jobs of one process take turns', async () => {
  const path = join(temporaryFolder(), 'lock');
  const log: string[] = [];
  const job = (name: string) => async () => {
    log.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    log.push(`${name} ends`);
  };
  await Promise.all([withLock(path, {}, job('a')), withLock(path, {}, job('b'))]);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

it('a lock whose process has died is taken over', async () => {
  const path = join(temporaryFolder(), 'lock');
  writeHolder(path, deadProcess());
  await expect(withLock(path, {}, async () => 'ran')).resolves.toBe('ran');
  expect(existsSync(path)).toBe(false);
});

it('a lock left by an earlier process that had our own process id is taken over', async () => {
  const path = join(temporaryFolder(), 'lock');
  writeHolder(path, process.pid);
  await expect(withLock(path, {}, async () => 'ran')).resolves.toBe('ran');
});

it('a lock of another machine is taken over only after a long silence', async () => {
  const path = join(temporaryFolder(), 'lock');
  writeHolder(path, deadProcess(), 'another-machine');
  let waited = false;
  const onWait = () => {
    waited = true;
    const longAgo = new Date(Date.now() - 120_000);
    utimesSync(path, longAgo, longAgo);
  };
  await expect(withLock(path, { onWait }, async () => 'ran')).resolves.toBe('ran');
  expect(waited).toBe(true);
});

it('a lock of a living process is waited for, and the wait is told with its process id', async () => {
  const path = join(temporaryFolder(), 'lock');
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  onTestFinished(() => {
    holder.kill();
  });
  writeHolder(path, holder.pid ?? 0);
  const told: number[] = [];
  const onWait = (pid: number) => {
    told.push(pid);
    rmSync(path);
  };
  await expect(withLock(path, { onWait }, async () => 'ran')).resolves.toBe('ran');
  expect(told).toEqual([holder.pid]);
});

it('of several processes that find the same dead holder, one at a time gets the lock', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'lock');
  const log = join(folder, 'log');
  writeHolder(path, deadProcess());
  const program = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { withLock } from ${JSON.stringify(lockModule)};
    await withLock(${JSON.stringify(path)}, {}, async () => {
      appendFileSync(${JSON.stringify(log)}, 'begin ' + process.pid + '\\n');
      await sleep(10);
      appendFileSync(${JSON.stringify(log)}, 'end ' + process.pid + '\\n');
    });`;
  const run = () =>
    new Promise((resolve) => {
      spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' }).on(
        'close',
        resolve,
      );
    });
  expect(await Promise.all([run(), run(), run(), run()])).toEqual([0, 0, 0, 0]);
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  expect(lines).toHaveLength(8);
  for (let index = 0; index < lines.length; index += 2) {
    expect(lines[index + 1]).toBe(lines[index]?.replace('begin', 'end'));
  }
});

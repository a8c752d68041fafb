import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database } from '../sqlite/index.ts';
import { LocalClient } from './testing/local-client.ts';

// Inside the repository, so that the program finds the database driver.
const build = join(process.cwd(), 'build');
let folder: string;
let program: string;

beforeAll(async () => {
  mkdirSync(build, { recursive: true });
  folder = mkdtempSync(join(build, 'crash-'));
  program = join(folder, 'writer.mjs');
  const bundle = await rolldown({
    input: fileURLToPath(new URL('./testing/writer.ts', import.meta.url)),
    platform: 'node',
  });
  await bundle.write({ file: program, format: 'esm', codeSplitting: false });
  await bundle.close();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a writer until it has said this much, kills it at once, and returns every id it has said. */
function writeAndKill(database: string, lines: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const writer = spawn(process.execPath, [program, database, 'Crash'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    writer.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.split('\n').length > lines) writer.kill('SIGKILL');
    });
    writer.once('error', reject);
    writer.once('close', (code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`The writer ended by itself, with ${code}.`));
      // A line that was cut off was not said.
      resolve(said.split('\n').slice(0, -1));
    });
  });
}

it('a kill at any moment loses nothing that was answered, with several writers at once', async () => {
  const database = join(folder, 'workos.db');
  const said: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const writers = [writeAndKill(database, 20 + round), writeAndKill(database, 30 + 7 * round)];
    said.push(...(await Promise.all(writers)).flat());
  }
  expect(said.length).toBeGreaterThan(100);
  const client = new LocalClient({ database });
  const kept = await client.all('/organizations');
  const ids = new Set(kept.map((organization) => organization.id));
  expect(said.filter((id) => !ids.has(id))).toEqual([]);
  // Whatever was kept was kept whole.
  expect(kept.filter(({ name, domains }) => name === 'Crash' && domains.length !== 1)).toEqual([]);
  const created = await client.all('/events?events=organization.created');
  expect(created).toHaveLength(ids.size);
  expect(new Set(created.map((event) => event.data.id))).toEqual(ids);
  client.server.close();
  const file = Database.open(database);
  expect(file.get('PRAGMA integrity_check')).toMatchObject({ integrity_check: 'ok' });
  file.close();
}, 30_000);

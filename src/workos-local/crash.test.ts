import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Database } from '../sqlite/index.ts';
import { day } from './kit/clock.ts';
import { LocalClient, ManualClock } from './testing/local-client.ts';
import { Chance } from './testing/odd-values.ts';
import { Receiver } from './testing/receiver.ts';

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

/**
 * Runs a writer until it has said this much and a moment more, kills it at once, and returns every id it has said.
 *
 * @param moment milliseconds: a kill in the middle of whatever comes next
 */
function writeAndKill(database: string, lines: number, moment: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const writer = spawn(process.execPath, [program, database, 'Crash'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    writer.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.split('\n').length > lines) setTimeout(() => writer.kill('SIGKILL'), moment);
    });
    writer.once('error', reject);
    writer.once('close', (code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`The writer ended by itself, with ${code}.`));
      // A line that was cut off was not said.
      resolve(said.split('\n').slice(0, -1));
    });
  });
}

/** How many writers are killed; `CRASHES=400` kills more. */
const crashes = Number(process.env['CRASHES'] ?? 100);

it(
  'a kill at any moment loses nothing that was answered, with several writers at once',
  async () => {
    const database = join(folder, 'workos.db');
    const receiver = await Receiver.open();
    const chance = new Chance(crashes);
    const first = new LocalClient({ database });
    await first.post('/webhook_endpoints', {
      endpoint_url: receiver.url(),
      events: ['organization.created'],
    });
    const said: string[] = [];
    for (let killed = 0; killed < crashes; killed += 2) {
      const kill = () =>
        writeAndKill(database, 5 + Math.floor(chance.next() * 40), Math.floor(chance.next() * 30));
      said.push(...(await Promise.all([kill(), kill()])).flat());
    }
    expect(said.length).toBeGreaterThan(crashes * 5);
    first.server.close();
    // A machine whose clock is past every lease: what the killed had taken is free.
    const machine = { now: () => Date.now() + 60_000 };
    const clock = new ManualClock();
    // Past every wait, too: a busy machine may have made an endpoint seem too slow.
    clock.advance(Date.now() - clock.now() + day);
    const client = new LocalClient({ database, machine, clock });
    const kept = (await client.all('/organizations')).filter(({ name }) => name === 'Crash');
    const ids = new Set(kept.map((organization) => organization.id));
    expect(said.filter((id) => !ids.has(id))).toEqual([]);
    // Whatever was kept was kept whole.
    expect(kept.filter(({ domains }) => domains.length !== 1)).toEqual([]);
    const created = (await client.all('/events?events=organization.created')).filter(
      ({ data }) => data.name === 'Crash',
    );
    expect(created).toHaveLength(ids.size);
    expect(new Set(created.map((event) => event.data.id))).toEqual(ids);
    // And everything that happened was told, at least once.
    await client.server.webhooks.deliverDue();
    const told = new Set(receiver.received.map(({ event }) => event.data.id));
    expect([...ids].filter((id) => !told.has(id))).toEqual([]);
    client.server.close();
    await receiver.close();
    const file = Database.open(database);
    expect(file.get("SELECT count(*) AS n FROM webhook_deliveries WHERE state <> 'delivered'")).toMatchObject(
      { n: 0 },
    );
    expect(file.get('PRAGMA integrity_check')).toMatchObject({ integrity_check: 'ok' });
    expect(file.all('PRAGMA foreign_key_check')).toEqual([]);
    file.close();
  },
  30_000 + crashes * 5000,
);

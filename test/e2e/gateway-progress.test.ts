import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, connectHttp, connectOld, connectOldHttp, type GatewayClient } from './gateway-clients.ts';
import { envelopeOf, Kosmo, repository } from './kosmo.ts';

const everything = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/server-everything/dist/index.js',
);
const kosmo = new Kosmo();
const seen = join(kosmo.home, 'seen');
let http: ChildProcessWithoutNullStreams;
const clients: Record<string, GatewayClient> = {};

beforeAll(async () => {
  await kosmo.run(['mcp:add', 'every', '--', process.execPath, everything]);
  const modern = join(repository, 'test/e2e/mcp-servers/modern.mjs');
  await kosmo.run(['mcp:add', 'modern', '--env', `SEEN=${seen}`, '--', process.execPath, modern]);
  http = kosmo.start(['mcp:serve', '--http', '--port', '0', '--json']);
  const [line] = (await once(http.stdout, 'data')) as [Buffer];
  const url = String(envelopeOf(line.toString())['url']);
  clients['today'] = await connect(kosmo, []);
  clients['before'] = await connectOld(kosmo, []);
  clients['today, over HTTP'] = await connectHttp(url);
  clients['before, over HTTP'] = await connectOldHttp(url);
  clients['classic'] = await connect(kosmo, ['--classic', '--servers', 'every']);
});
afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.close()));
  http.kill('SIGTERM');
  await once(http, 'close');
  kosmo.remove();
});

const clientOf = (name: string): GatewayClient => {
  const client = clients[name];
  if (client === undefined) throw new Error(`no client ${name}`);
  return client;
};
const long = 'app.mcp.every["trigger-long-running-operation"]{ duration = 0.6, steps = 3 }';

describe.each(['today', 'before', 'today, over HTTP', 'before, over HTTP'])(
  'the official client of %s',
  (name) => {
    it('hears how far a tool of another server is, in numbers that rise', async () => {
      const heard: { progress: number; message: string }[] = [];
      const program = `app.mcp.every.echo{ message = "hi" } return ${long}`;
      const { data } = await clientOf(name).lua(program, {
        onprogress: ({ progress, message = '' }) => heard.push({ progress, message }),
      });
      expect(data['result']).toContain('Long running operation completed');
      expect(heard.slice(0, 3)).toEqual([
        { progress: 1, message: 'mcp.every.echo' },
        { progress: 1.333, message: 'mcp.every.trigger-long-running-operation: 1 of 3' },
        { progress: 1.667, message: 'mcp.every.trigger-long-running-operation: 2 of 3' },
      ]);
      const numbers = heard.map(({ progress }) => progress);
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    });

    it('hears of its own run alone, and of the tools that work side by side in it', async () => {
      const heard = { first: [] as string[], second: [] as string[] };
      const program = (count: number) =>
        `local runs = {} for _ = 1, ${count} do runs[#runs + 1] = function() return ${long} end end return #parallel(runs)`;
      const follow = (list: string[]) => ({
        onprogress: ({ progress }: { progress: number }) => list.push(String(progress)),
      });
      await Promise.all([
        clientOf(name).lua(program(1), follow(heard.first)),
        clientOf(name).lua(program(3), follow(heard.second)),
      ]);
      // What comes with the answer in one piece is dropped by the older library.
      expect(heard.first.length).toBeLessThanOrEqual(4);
      expect(heard.second.length).toBeGreaterThan(5);
    });

    it('has the tool called off with its run', async () => {
      const stop = new AbortController();
      const before = count(seen, 'cancelled');
      const run = clientOf(name).lua('return app.mcp.modern.slow{}', {
        signal: stop.signal,
        onprogress: () => stop.abort(),
      });
      await expect(run).rejects.toThrow();
      while (count(seen, 'cancelled') === before) await delay(25);
    });
  },
);

it('a tool that stands for one of another server tells how far that is', async () => {
  const heard: string[] = [];
  const client = clientOf('classic');
  const tool = (await client.tools()).find(({ name }) => name.includes('long'))?.name ?? '';
  await client.call(
    tool,
    { duration: 0.6, steps: 3 },
    {
      onprogress: ({ progress, message }) => heard.push(`${progress} ${message}`),
    },
  );
  expect(heard[0]).toBe('0.333 mcp.every.trigger-long-running-operation: 1 of 3');
});

function count(file: string, word: string): number {
  try {
    return readFileSync(file, 'utf8').split(word).length - 1;
  } catch {
    return 0;
  }
}

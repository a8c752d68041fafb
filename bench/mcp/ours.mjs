/** Calls the tool from Lua in the built product. Prints the milliseconds of each round. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const built = new URL('../../dist/index.js', import.meta.url).href;
/** @type {typeof import('../../src/index.ts')} */
const { createRuntime } = await import(built);

const [calls = 0, rounds = 0] = process.argv.slice(2).map(Number);
const home = process.env['KOSMO_HOME'] ?? '';
const server = new URL('server.mjs', import.meta.url).pathname;
mkdirSync(home, { recursive: true });
writeFileSync(
  join(home, 'mcp.json'),
  JSON.stringify({ mcpServers: { bench: { command: process.execPath, args: [server] } } }),
);
const begun = performance.now();
const kosmo = createRuntime();
const source = `local sum = 0
  for call = 1, ${calls} do sum = sum + app.mcp.bench.add{ a = call, b = 1 }.sum end
  return sum`;

const times = [];
for (let round = 0; round < rounds; round += 1) {
  const started = round === 0 ? begun : performance.now();
  const { result, error } = await kosmo.lua({ source, name: 'bench', callLimits: { calls: calls + 1 } });
  if (result !== (calls * (calls + 1)) / 2 + calls)
    throw new Error(error?.message ?? `wrong: ${JSON.stringify(result)}`);
  times.push(performance.now() - started);
}
process.stdout.write(JSON.stringify(times));
await kosmo.close();

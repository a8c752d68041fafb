/**
 * Runs a Lua program that makes as many calls, so many at a time, round after round in one process; prints each round's
 * milliseconds.
 */
const built = new URL('../../dist/index.js', import.meta.url).href;
/** @type {typeof import('../../src/index.ts')} */
const { createRuntime } = await import(built);

const [origin = '', count, rounds, atOnce] = process.argv.slice(2);
const environment = { WORKOS_BASE_URL: origin, WORKOS_API_KEY: 'sk_test_bench' };
const kosmo = createRuntime({ environment });
const one = 'app.integrations.workos.list_organizations{ limit = 10 }';
const source =
  Number(atOnce) === 1
    ? `for _ = 1, ${Number(count)} do ${one} end`
    : `local items = {} for i = 1, ${Number(count)} do items[i] = i end
       parallel.map(items, function() ${one} end, { limit = ${Number(atOnce)} })`;
const milliseconds = [];
for (let round = 0; round < Number(rounds); round += 1) {
  const started = performance.now();
  const { ok, error, calls } = await kosmo.lua({ source, name: 'calls' });
  milliseconds.push(performance.now() - started);
  if (!ok || calls.length !== Number(count)) throw new Error(error?.message ?? `${calls.length} calls`);
}
await kosmo.close();
process.stdout.write(JSON.stringify(milliseconds));

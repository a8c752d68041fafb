/** Runs a Lua program that makes as many calls, round after round in one process; prints each round's milliseconds. */
const built = new URL('../../dist/index.js', import.meta.url).href;
/** @type {typeof import('../../src/index.ts')} */
const { createRuntime } = await import(built);

const [origin = '', count, rounds] = process.argv.slice(2);
const environment = { WORKOS_BASE_URL: origin, WORKOS_API_KEY: 'sk_test_bench' };
const kosmo = createRuntime({ environment });
const source = `for _ = 1, ${Number(count)} do app.integrations.workos.list_organizations{ limit = 10 } end`;
const milliseconds = [];
for (let round = 0; round < Number(rounds); round += 1) {
  const started = performance.now();
  const { ok, error, calls } = await kosmo.lua({ source, name: 'calls' });
  milliseconds.push(performance.now() - started);
  if (!ok || calls.length !== Number(count)) throw new Error(error?.message ?? `${calls.length} calls`);
}
await kosmo.close();
process.stdout.write(JSON.stringify(milliseconds));

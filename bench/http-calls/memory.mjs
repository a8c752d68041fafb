/**
 * Makes so many calls in one process, a thousand to a program, and prints the resident memory in bytes after a fifth of
 * them and after all. By the first of these the journal has filled a file and has loaded SQLite to take it in, which is
 * 20 MB once.
 */
const built = new URL('../../dist/index.js', import.meta.url).href;
/** @type {typeof import('../../src/index.ts')} */
const { createRuntime } = await import(built);

const [origin = '', count] = process.argv.slice(2);
const environment = { WORKOS_BASE_URL: origin, WORKOS_API_KEY: 'sk_test_bench' };
const kosmo = createRuntime({ environment });
const source = 'for _ = 1, 1000 do app.integrations.workos.list_organizations{ limit = 10 } end';
const runs = Number(count) / 1000;
const resident = [];
for (let run = 1; run <= runs; run += 1) {
  const { ok, error } = await kosmo.lua({ source, name: 'calls' });
  if (!ok) throw new Error(error?.message);
  if (run === runs / 5 || run === runs) resident.push(process.memoryUsage.rss());
}
await kosmo.close();
process.stdout.write(JSON.stringify(resident));

/** Runs each program in the built product, then measures what it costs to hand values and calls over. */
import { json, rounds } from './exchange.mjs';
import { measured, programs } from './programs.mjs';

const built = new URL('../../dist/index.js', import.meta.url).href;
/** @type {typeof import('../../src/index.ts')} */
const { createRuntime } = await import(built);

const [origin = ''] = process.argv.slice(2);
const kosmo = createRuntime({ environment: { WORKOS_BASE_URL: origin, WORKOS_API_KEY: 'sk_test_bench' } });

/**
 * @param {string} source
 * @returns {Promise<any>} what the program returned
 */
async function result(source) {
  const { ok, error, result: value } = await kosmo.lua({ source, name: 'bench' });
  if (!ok) throw new Error(error?.message);
  return value;
}

/** @type {Record<string, number[]>} */
const times = {};
for (const [name, program] of Object.entries(programs)) {
  times[name] = await result(`${program}\n${measured}\nreturn times`);
}

/** @param {number} count @param {string} body */
const microsecondsOf = (count, body) =>
  result(`local started = os.clock()
    for _ = 1, ${count} do ${body} end
    return (os.clock() - started) * 1e6 / ${count}`);

const values = await microsecondsOf(rounds.values, `json.decode([==[${json}]==])`);
/** @param {string} body */
const elapsed = async (body) => {
  await result(body);
  const started = performance.now();
  await result(body);
  return performance.now() - started;
};
const calls = ((await elapsed(`for _ = 1, ${rounds.calls} do mcp.servers() end`)) * 1000) / rounds.calls;
const list = 'app.integrations.workos.list_organizations{ limit = 10 }';
const inARow = await elapsed(`for _ = 1, 20 do ${list} end`);
const together = await elapsed(
  `parallel.map({${'1,'.repeat(20)}}, function() return ${list} end, { limit = 20 })`,
);
process.stdout.write(JSON.stringify({ times, values, calls, inARow, together }));
await kosmo.close();

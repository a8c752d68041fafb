/** Runs each program in wasmoon as the package comes, on the main thread; and hands over a table by its value bridge. */
import { LuaFactory } from 'wasmoon';
import { json, rounds } from './exchange.mjs';
import { measured, programs } from './programs.mjs';

/** @type {Record<string, number[]>} */
const times = {};
for (const [name, program] of Object.entries(programs)) {
  const lua = await new LuaFactory().createEngine();
  const text = await lua.doString(`${program}\n${measured}\nreturn "[" .. table.concat(times, ",") .. "]"`);
  times[name] = JSON.parse(text);
  lua.global.close();
}

// Without proxies, so that what is handed over is a table as well.
const lua = await new LuaFactory().createEngine({ enableProxy: false });
// The bridge ends the process on a JSON null.
lua.global.set('answer', () => JSON.parse(json, (_, value) => value ?? false));
const started = performance.now();
await lua.doString(`for _ = 1, ${rounds.values} do local value = answer() end`);
const microseconds = ((performance.now() - started) * 1000) / rounds.values;
process.stdout.write(JSON.stringify({ times, microseconds }));
lua.global.close();

/** Runs each program in the machine's own `lua5.4`; prints the milliseconds of its rounds as JSON. */
import { spawnSync } from 'node:child_process';
import { measured, programs } from './programs.mjs';

/** @type {Record<string, number[]>} */
const times = {};
for (const [name, program] of Object.entries(programs)) {
  const source = `${program}\n${measured}\nio.write("[", table.concat(times, ","), "]")`;
  const { status, stdout, stderr } = spawnSync('lua5.4', ['-e', source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`lua5.4: ${stderr}`);
  times[name] = JSON.parse(stdout);
}
process.stdout.write(JSON.stringify(times));

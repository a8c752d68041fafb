/**
 * Makes a clone ready to run: installs the dependencies and builds, each only when needed. Prints nothing on stdout.
 */
import { readFileSync } from 'node:fs';
import { nodeVersionComplaint } from './node-version.mjs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const complaint = nodeVersionComplaint(engines.node, process.versions.node);
if (complaint === null) {
  const { prepare } = await import('./prepare/prepare.mjs');
  const { reportingFailure } = await import('./prepare/report.mjs');
  await reportingFailure(() => prepare());
} else {
  process.stderr.write(`${complaint}\n`);
  process.exitCode = 1;
}

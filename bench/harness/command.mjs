import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs a program in the repository to its end.
 *
 * @param {readonly [string, ...string[]]} command the program and its arguments
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ milliseconds: number, stdout: string }>} how long it took, and what it printed
 * @throws when it ends with anything but exit code 0
 */
export function runCommand([program, ...args], env) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, args, { cwd: repository, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      stdout += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const milliseconds = performance.now() - started;
      if (code === 0) resolve({ milliseconds, stdout });
      else reject(new Error(`${[program, ...args].join(' ')} ended with exit code ${code}: ${stdout}`));
    });
  });
}

/**
 * The surroundings as they are, but for what would show kosmo something of the user's. What else is set, such as
 * NODE_EXTRA_CA_CERTS, which costs every start of Node.js tens of milliseconds, is part of what a user waits for, and
 * costs both sides of a comparison the same.
 *
 * @param {string} home an empty folder
 * @returns {NodeJS.ProcessEnv}
 */
export function cleanEnvironment(home) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:KOSMO|WORKOS)_/.test(name));
  return { ...Object.fromEntries(kept), HOME: home, KOSMO_HOME: home };
}

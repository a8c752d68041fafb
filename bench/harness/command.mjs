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
 * Surroundings in which kosmo finds nothing of the user's.
 *
 * @param {string} home an empty folder
 * @returns {NodeJS.ProcessEnv}
 */
export function cleanEnvironment(home) {
  return { PATH: process.env['PATH'], HOME: home, KOSMO_HOME: home };
}

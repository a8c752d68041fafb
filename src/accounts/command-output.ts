import { spawn } from 'node:child_process';
import { KosmoError } from '../support/errors.ts';

/** How long a command may take, in milliseconds: enough for a vault that asks its person. */
const patience = 60_000;
/** A credential is short; what prints more is something else. */
const most = 64 * 1024;

/**
 * A credential that a command prints. The command runs in a shell with the environment of kosmo, without `KOSMO_KEY`.
 * Nothing it prints is shown anywhere, not even when it fails.
 * @throws KosmoError `credential_command`
 */
export async function commandOutput(
  command: string,
  whose: { readonly account: string; readonly field: string },
  environment: Readonly<Record<string, string | undefined>>,
  timeout = patience,
): Promise<string> {
  const { KOSMO_KEY: _, ...passed } = environment;
  const shell = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'ignore'], env: passed });
  const fail = (reason: string) =>
    new KosmoError(
      'credential_command',
      `The command that gives ${whose.field} of the account ${whose.account} ${reason}.`,
      { hint: `Run it yourself to see what it says: ${command}`, details: { ...whose, command } },
    );
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (reason: string) => {
      // What the shell started may hold the pipe open; it is not waited for.
      shell.stdout.destroy();
      shell.kill('SIGKILL');
      reject(fail(reason));
    };
    const timer = setTimeout(() => end(`did not end within ${timeout / 1000} s`), timeout);
    shell.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > most) end(`printed more than ${most / 1024} KB`);
      else chunks.push(chunk);
    });
    shell.on('error', () => {
      clearTimeout(timer);
      reject(fail('could not be started'));
    });
    shell.on('close', (status, signal) => {
      clearTimeout(timer);
      if (signal !== null) return reject(fail(`was ended by ${signal}`));
      if (status !== 0) return reject(fail(`failed with exit code ${status}`));
      const value = Buffer.concat(chunks)
        .toString('utf8')
        .replace(/\r?\n$/, '');
      if (value === '') return reject(fail('printed nothing'));
      if (!isOneLine(value)) return reject(fail('printed more than one line'));
      return resolve(value);
    });
  });
}

/** Whether a value can go into a header or a URL: one line, without control characters. */
export function isOneLine(value: string): boolean {
  return !/\p{Cc}/u.test(value);
}

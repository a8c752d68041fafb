import { spawn } from 'node:child_process';

const tailLines = 20;

/** A step that failed, as a person should read it: the message says what failed, why, and what to do. */
export class StepFailure extends Error {}

/**
 * Runs a program and gives everything it printed, stdout and stderr together; throws a `CommandFailure` when it
 * cannot be started or ends with anything but 0.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<string>}
 */
export function run(command, args, { cwd, env = process.env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (/** @type {string} */ text) => {
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', (error) => reject(new CommandFailure(command, error.message, output)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(output);
      else
        reject(
          new CommandFailure(command, signal === null ? `exit code ${code}` : `signal ${signal}`, output),
        );
    });
  });
}

/** A program that could not be started or did not end with 0. */
export class CommandFailure extends Error {
  /**
   * @param {string} command
   * @param {string} reason how it ended: `exit code 1`, `signal SIGKILL`, or why it did not start
   * @param {string} output everything it printed
   */
  constructor(command, reason, output) {
    super(`${command}: ${reason}`);
    this.reason = reason;
    this.output = output;
  }

  /** The end of what it printed, indented to stand under a message; empty when it printed nothing. */
  get tail() {
    const lines = this.output.trimEnd().split('\n').slice(-tailLines);
    return lines.map((line) => (line === '' ? '' : `\n  ${line}`)).join('');
  }
}

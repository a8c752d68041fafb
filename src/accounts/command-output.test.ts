import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/errors.ts';
import { commandOutput } from './command-output.ts';

const whose = { account: 'work', field: 'api_key' };
const environment = { PATH: process.env['PATH'], KOSMO_KEY: 'the key', OTHER: 'sk_other' };
const output = (command: string, timeout = 20_000) => commandOutput(command, whose, environment, timeout);
const refusal = async (command: string, timeout?: number) => {
  const error = await output(command, timeout).then(
    () => null,
    (thrown: unknown) => failureOf(thrown),
  );
  if (error === null) throw new Error('it gave something');
  return error;
};

describe('a command that gives a credential', () => {
  it('gives its output without the end of the line', async () => {
    expect(await output('echo sk_1')).toBe('sk_1');
    expect(await output('printf "sk_2\\r\\n"')).toBe('sk_2');
    expect(await output('printf "  sk 3 "')).toBe('  sk 3 ');
  });

  it('has the environment, but not the key of all credentials', async () => {
    expect(await output('echo "$OTHER$KOSMO_KEY"')).toBe('sk_other');
  });

  it('is ended when it takes too long, also when what it started goes on', async () => {
    const error = await refusal('sleep 30 & echo sk_secret; wait', 200);
    expect(error).toMatchObject({ code: 'credential_command', details: whose });
    expect(error.message).toContain('did not end within 0.2 s');
    expect(JSON.stringify([error.message, error.details['account']])).not.toContain('sk_secret');
  });

  it.each([
    ['exit 4', 'failed with exit code 4'],
    ['kill -9 $$', 'was ended by SIGKILL'],
    ['no-such-command-anywhere', 'exit code 127'],
    ['true', 'printed nothing'],
    ['printf "a\\tb"', 'more than one line'],
  ])('%s is told of', async (command, words) => {
    expect((await refusal(command)).message).toContain(words);
  });
});

import { InvalidArgumentError } from 'commander';

/** The value of a `--port` option. */
export function portNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError('It takes a port from 0 to 65535.');
  }
  return value;
}

import type { Command } from 'commander';
import { KosmoError } from '../support/errors.ts';

/** What a command does for one of its first arguments: `create`, `list`. */
export type Actions = Readonly<
  Record<string, (args: readonly string[], command: Command) => Promise<number>>
>;

/**
 * Does what the first argument names.
 *
 * @throws KosmoError `usage` when it names nothing
 */
export function act(actions: Actions, [name, ...args]: readonly string[], command: Command): Promise<number> {
  const action = name !== undefined && Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action !== undefined) return action(args, command);
  const known = Object.keys(actions).join(', ');
  throw new KosmoError(
    'usage',
    name === undefined ? `It takes one of: ${known}.` : `There is no ${name}: ${known}.`,
    {
      hint: `${command.name()} --help shows examples.`,
    },
  );
}

/** The argument at a place, which must be there. */
export function required(args: readonly string[], at: number, what: string): string {
  const value = args[at];
  if (value === undefined || value === '') throw new KosmoError('usage', `It takes ${what}.`);
  return value;
}

/** @throws KosmoError `usage` for more arguments than there are words for */
export function atMost(args: readonly string[], most: number): void {
  const extra = args[most];
  if (extra !== undefined) throw new KosmoError('usage', `What is ${extra}? There is nothing it could be.`);
}

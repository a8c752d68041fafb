import { type Command, CommanderError } from 'commander';
import { KosmoError } from '../support/errors.ts';

/**
 * Parses a command's arguments; null when help was asked for and printed.
 * @returns the positional arguments
 * @throws KosmoError `usage`
 */
export async function parseCommandLine(
  command: Command,
  args: readonly string[],
): Promise<readonly string[] | null> {
  command
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError();
  try {
    await command.parseAsync([...args], { from: 'user' });
    return command.args;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return null;
    const message = error.message
      .replace(/^error: /, '')
      .replace(/\n\(Did you mean (.*)\?\)$/, ' (did you mean $1?)');
    throw new KosmoError('usage', `${message.charAt(0).toUpperCase()}${message.slice(1)}`, {
      hint: `${command.name()} --help lists what it takes.`,
    });
  }
}

import type { Command } from 'commander';
import { KosmoError } from '../../support/errors.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import {
  answer,
  type LocalOptions,
  localCommand,
  withEnvironment,
  withLocal,
} from '../local/local-command.ts';

interface Options extends LocalOptions {
  readonly empty?: true;
}

/** `local:reset`: back to the first start. */
export const localReset: CommandDefinition = { define, run };

function define(): Command {
  return withEnvironment(localCommand('local:reset', 'makes the local server as it was at its first start'))
    .option('--empty', 'with --environment: leave the seed data out')
    .addHelpText(
      'after',
      `
Without --environment everything goes: environments, faults, the clock. With it, that environment is emptied, and its
key and client id stay; the default one gets its seed data again. Snapshots are kept.
`,
    );
}

async function run({ command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const { resetAll, resetEnvironment } = await import('../../workos-local/control/reset.ts');
  const { findEnvironment } = await import('../../workos-local/control/environments.ts');
  return withLocal(options, (host) => {
    if (options.environment === undefined) {
      if (options.empty === true) {
        throw new KosmoError('usage', '--empty is said of one environment.', {
          hint: 'Name it with --environment.',
        });
      }
      resetAll(host);
      return answer(options, { reset: 'all' }, 'Everything is as it was at the first start.\n');
    }
    const environment = findEnvironment(host, options.environment);
    resetEnvironment(host, environment, options.empty !== true);
    return answer(
      options,
      { reset: environment.id },
      `${environment.name} is as it was at the first start.\n`,
    );
  });
}

import type { Command } from 'commander';
import { KosmoError } from '../../support/errors.ts';
import { atMost, required } from '../actions.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import {
  answer,
  type LocalOptions,
  localCommand,
  withEnvironment,
  withLocalEnvironment,
} from '../local/local-command.ts';

/** `local:impersonate`: signs in to an application as one of its users, as WorkOS's dashboard does. */
export const localImpersonate: CommandDefinition = { define, run };

interface Options extends LocalOptions {
  readonly reason?: string;
  readonly by?: string;
  readonly organization?: string;
  readonly redirectUri?: string;
}

function define(): Command {
  return withEnvironment(
    localCommand('local:impersonate', 'makes a link that signs in to the application as one of its users'),
  )
    .argument('<user>', 'an id or an e-mail address')
    .option('--reason <text>', 'why; sessions and events tell it')
    .option('--by <email>', 'who does it (admin@localhost)')
    .option('--organization <id>', 'which one, of a user who is in several')
    .option('--redirect-uri <uri>', 'where the application takes codes (the default redirect URI)')
    .addHelpText(
      'after',
      `
  kosmo local:impersonate lucia@juniperfinch.example --reason "Ticket 4711"

The session lasts an hour. Its tokens have the claim act, its answers and events an impersonator.
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const { reason, by, organization, redirectUri, ...options } = command.opts<Options>();
  const { impersonate } = await import('../../workos-local/control/impersonate.ts');
  return withLocalEnvironment(options, (host, environment) => {
    atMost(args, 1);
    const user = required(args, 0, 'a user');
    if (reason === undefined) throw new KosmoError('usage', 'It takes a --reason.');
    const made = impersonate(host, environment, {
      user,
      reason,
      ...(by === undefined ? {} : { impersonator: by }),
      ...(organization === undefined ? {} : { organization }),
      ...(redirectUri === undefined ? {} : { redirect_uri: redirectUri }),
    });
    return answer(options, made, `${made.url}\n`);
  });
}

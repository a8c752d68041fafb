import type { Command } from 'commander';
import { act, atMost, required } from '../actions.ts';
import { columns } from '../columns.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { answer, type LocalOptions, localCommand, withLocal } from '../local/local-command.ts';

interface Options extends LocalOptions {
  readonly apiKey?: string;
}

/** `local:environment`: isolated worlds of data, each opened by a key of its own. */
export const localEnvironment: CommandDefinition = { define, run };

function define(): Command {
  return localCommand('local:environment', 'makes, lists and deletes environments of the local server')
    .argument('<action>', 'create, list or delete')
    .argument('[name]', 'the name of the environment')
    .option('--api-key <key>', 'for create: the key that opens it (a new one)')
    .addHelpText(
      'after',
      `
Examples:
  kosmo local:environment create "Checkout tests"
  kosmo local:environment list --json
  kosmo local:environment delete "Checkout tests"
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const control = await import('../../workos-local/control/environments.ts');
  return act(
    {
      create: ([name, ...more]) =>
        withLocal(options, (host) => {
          atMost(more, 0);
          const { apiKey } = options;
          const made = control.createEnvironment(host, {
            ...(name === undefined ? {} : { name }),
            ...(apiKey === undefined ? {} : { apiKey }),
          });
          const rows = [
            ['API key', made.api_key],
            ['client ID', made.client_id],
            ['id', made.id],
          ];
          return answer(options, made, `${columns(rows)}\nThe key is shown this once.\n`);
        }),
      list: (more) =>
        withLocal(options, (host) => {
          atMost(more, 0);
          const environments = control.listEnvironments(host);
          const rows = environments.map((row) => [row.name, row.client_id, row.id]);
          return answer(options, { environments }, columns([['name', 'client ID', 'id'], ...rows]));
        }),
      delete: (given) =>
        withLocal(options, (host) => {
          const environment = control.findEnvironment(host, required(given, 0, 'the name of an environment'));
          atMost(given, 1);
          control.deleteEnvironment(host, environment);
          return answer(options, { deleted: environment.id }, `Deleted ${environment.name}.\n`);
        }),
    },
    args,
    command,
  );
}

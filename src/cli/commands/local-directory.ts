import type { Command } from 'commander';
import { KosmoError } from '../../support/errors.ts';
import type { EnvironmentRow } from '../../workos-local/control/environments.ts';
import type { PageHost } from '../../workos-local/pages/host.ts';
import { act, atMost, required } from '../actions.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import {
  answer,
  type LocalOptions,
  localCommand,
  withEnvironment,
  withLocalEnvironment,
} from '../local/local-command.ts';
import { readProgram } from '../program.ts';

interface Options extends LocalOptions {
  readonly directory?: string;
}

/** `local:directory`: people into a directory, as its provider would send them. */
export const localDirectory: CommandDefinition = { define, run };

function define(): Command {
  return withEnvironment(localCommand('local:directory', 'brings the people of a CSV file into a directory'))
    .argument('<action>', 'import')
    .argument('<file>', 'the CSV file; - reads it from stdin')
    .option('--directory <id>', 'the directory (the only one there is)')
    .addHelpText(
      'after',
      `
The first line names the columns: email, and maybe id, username, first_name, last_name, job_title, department, active
and groups, whose names are divided by semicolons. Who is known is changed, who is new is added; each makes its event.

  kosmo local:directory import people.csv
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  return act(
    {
      import: async (given) => {
        atMost(given, 1);
        const { source } = await readProgram(required(given, 0, 'a CSV file'), undefined);
        const { importInto } = await import('../../workos-local/control/directories.ts');
        return withLocalEnvironment(options, (host, environment) => {
          const directory = options.directory ?? onlyDirectory(host, environment);
          const done = importInto(host, environment, directory, Buffer.from(source).toString('utf8'));
          const { created, updated, unchanged } = done.users;
          return answer(options, done, `${created} added, ${updated} changed, ${unchanged} as they were.\n`);
        });
      },
    },
    args,
    command,
  );
}

function onlyDirectory(host: PageHost, environment: EnvironmentRow): string {
  const all = host.database.all<{ id: string }>(
    'SELECT id FROM directories WHERE environment_id = ? ORDER BY id',
    [environment.id],
  );
  const [only] = all;
  if (only !== undefined && all.length === 1) return only.id;
  throw new KosmoError(
    'usage',
    `There are ${all.length} directories in ${environment.name}; which is meant?`,
    {
      hint: 'Name it with --directory.',
      details: { directories: all.map(({ id }) => id) },
    },
  );
}

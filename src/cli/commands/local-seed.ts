import type { Command } from 'commander';
import { KosmoError } from '../../support/errors.ts';
import { parseJson } from '../../support/parse-json.ts';
import { atMost } from '../actions.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import {
  answer,
  type LocalOptions,
  localCommand,
  withEnvironment,
  withLocalEnvironment,
} from '../local/local-command.ts';
import { readProgram } from '../program.ts';

/** `local:seed`: loads data from a file. */
export const localSeed: CommandDefinition = { define, run };

function define(): Command {
  return withEnvironment(localCommand('local:seed', 'loads data into the local server from a JSON file'))
    .argument('<file>', 'a seed file, or what local:export wrote; - reads it from stdin')
    .addHelpText(
      'after',
      `
A seed file lists what to make, by the bodies the API takes; "as" names an answer for later entries:

  {
    "organizations": [{ "as": "acme", "name": "Acme" }],
    "users": [{ "as": "ada", "email": "ada@acme.example", "password": "correct horse battery" }],
    "memberships": [{ "organization_id": "{{acme.id}}", "user_id": "{{ada.id}}", "role_slug": "admin" }],
    "requests": [{ "method": "PUT", "path": "/organizations/{{acme.id}}", "body": { "metadata": { "plan": "pro" } } }]
  }

It has permissions, roles, organizations, users, memberships, invitations and requests, made in that order. When an
entry is refused nothing is changed. What local:export wrote takes the place of everything.
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const options = command.opts<LocalOptions>();
  const [file, ...more] = args;
  atMost(more, 0);
  const { source, name } = await readProgram(file, undefined);
  const content = parseJson(Buffer.from(source).toString('utf8'));
  if (content === undefined) throw new KosmoError('seed_invalid', `${name} is not JSON.`);
  const { loadSeed } = await import('../../workos-local/control/seed-file.ts');
  return withLocalEnvironment(options, async (host, environment) => {
    const seeded = await loadSeed(host, environment, content);
    const text = seeded.requests === 0 ? 'The whole state' : `${seeded.requests} entries`;
    return answer(options, seeded, `Loaded ${name}: ${text}.\n`);
  });
}

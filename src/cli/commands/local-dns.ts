import type { Command } from 'commander';
import { act, atMost, required } from '../actions.ts';
import { columns } from '../columns.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import {
  answer,
  type LocalOptions,
  localCommand,
  withEnvironment,
  withLocalEnvironment,
} from '../local/local-command.ts';

/** `local:dns`: the TXT records that domain verification finds. */
export const localDns: CommandDefinition = { define, run };

function define(): Command {
  return withEnvironment(
    localCommand('local:dns', 'sets, lists and removes the TXT records that domain verification finds'),
  )
    .argument('<action>', 'set, list or remove')
    .argument('[name]', 'the name of the record')
    .argument('[text]', 'its text')
    .addHelpText(
      'after',
      `
A pending domain is verified when the record <verification_prefix>.<domain> has the text <verification_token>:

  kosmo local:dns set kosmo-domain-verification-x1y2z3.example.com 4fVq…
  kosmo local:dns list
  kosmo local:dns remove kosmo-domain-verification-x1y2z3.example.com
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const options = command.opts<LocalOptions>();
  const control = await import('../../workos-local/control/dns.ts');
  return act(
    {
      set: (given) =>
        withLocalEnvironment(options, (host, environment) => {
          atMost(given, 2);
          const name = required(given, 0, 'the name of a record, and its text');
          const record = control.setDns(host, environment, {
            name,
            text: required(given, 1, 'the text, too'),
          });
          return answer(options, record, columns([[record.name, record.text]]));
        }),
      list: (more) =>
        withLocalEnvironment(options, (host, environment) => {
          atMost(more, 0);
          const records = control.listDns(host, environment);
          const text =
            records.length === 0
              ? 'There are no records.\n'
              : columns(records.map((row) => [row.name, row.text]));
          return answer(options, { records }, text);
        }),
      remove: (given) =>
        withLocalEnvironment(options, (host, environment) => {
          atMost(given, 2);
          const removed = control.removeDns(
            host,
            environment,
            required(given, 0, 'the name of a record'),
            given[1],
          );
          return answer(options, { removed }, `Removed ${removed}.\n`);
        }),
    },
    args,
    command,
  );
}

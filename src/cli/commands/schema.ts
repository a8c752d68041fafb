import { Command } from 'commander';
import { ambiguousFunction, functionSchema, unknownFunction } from '../../call/index.ts';
import { errorsOf } from '../../docs/index.ts';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import { readTarget } from '../call/target.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

/** `integrations:schema`: what a function takes and gives, for programs. */
export const integrationsSchema: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo integrations:schema')
    .summary('prints the JSON Schemas of a function: its arguments, its answer, its errors')
    .argument('<function>', 'such as workos.list_users')
    .option('--json', 'print it on one line')
    .addHelpText(
      'after',
      `
Example:
  kosmo integrations:schema workos.list_organizations
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const { json } = command.opts<{ json?: true }>();
  const { catalog } = new Runtime();
  const { integration: name, installed, function: asked, entries } = readTarget(catalog, null, args[0] ?? '');
  if (installed === null) throw KosmoError.of(catalog.unknown(name));
  const [entry] = entries;
  if (entry === undefined)
    throw KosmoError.of(unknownFunction(`${installed.name}.${asked}`, installed, asked));
  if (entries.length > 1) throw KosmoError.of(ambiguousFunction(installed, asked, entries));
  const lookup = (schema: string) => installed.reader.schema(schema);
  const schema = {
    ...functionSchema(installed, entry),
    errors: errorsOf(installed.reader.operation(entry), lookup),
  };
  await writeOut(`${stringifyJson(schema, json === true ? undefined : 2)}\n`);
  return 0;
}

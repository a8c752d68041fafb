import { Command } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

/** `integrations:types`: an integration for TypeScript. */
export const integrationsTypes: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo integrations:types')
    .summary('prints TypeScript declarations of an integration’s functions')
    .description(
      'Prints TypeScript declarations: arguments and result of each function, for programs that use kosmo as a library.',
    )
    .argument('<integration>', 'such as workos')
    .option('--json', 'print one JSON object: integration, types')
    .addHelpText(
      'after',
      `
Example:
  kosmo integrations:types workos > workos.d.ts
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const { json } = command.opts<{ json?: true }>();
  const { catalog } = new Runtime();
  const [name = ''] = args;
  const integration = catalog.get(name);
  if (integration === undefined) throw KosmoError.of(catalog.unknown(name));
  const { typeDeclarations } = await import('../../docs/type-declarations.ts');
  const types = typeDeclarations(integration);
  await writeOut(json === true ? `${stringifyJson({ integration: integration.name, types })}\n` : types);
  return 0;
}

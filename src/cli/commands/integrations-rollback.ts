import { Command } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { integrationName } from '../install/name.ts';
import { writeOut } from '../output.ts';

/** `integrations:rollback`: takes the former document of an integration back. */
export const integrationsRollback: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo integrations:rollback')
    .summary('takes the former document of an integration back')
    .argument('<name>', 'the integration')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nA second time it takes the newer one again.\n\nExamples:\n  kosmo integrations:rollback petstore\n',
    );
}

async function run({ args: [written = ''], command }: Invocation): Promise<number> {
  const name = integrationName(written);
  const installer = await new Runtime({ command: 'integrations:rollback' }).installer();
  await installer.rollBack(name);
  const { catalog } = new Runtime();
  const index = catalog.get(name)?.reader.index;
  const { version = '', sha256 = '' } = index?.source ?? {};
  const functions = index?.operations.length ?? 0;
  const answer = { name, functions, version, sha256 };
  await writeOut(
    command.opts<{ json?: true }>().json === true
      ? `${stringifyJson(answer)}\n`
      : `${name} is back at the document before: ${functions} functions, version ${version || 'unknown'}.\n`,
  );
  return 0;
}

import { Command } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { integrationName } from '../install/name.ts';
import { writeOut } from '../output.ts';

/** `integrations:remove`: takes an added integration away. */
export const integrationsRemove: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo integrations:remove')
    .summary('removes an integration that was added')
    .argument('<name>', 'the integration')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Its accounts stay configured, for when it is added again. Of an integration that comes with kosmo, the newer document
is removed, and its own is in use again.

Examples:
  kosmo integrations:remove petstore
`,
    );
}

async function run({ args: [written = ''], command }: Invocation): Promise<number> {
  const name = integrationName(written);
  const installer = await new Runtime({ command: 'integrations:remove' }).installer();
  const inBox = await installer.remove(name);
  const answer = { name, removed: true, in_box: inBox };
  const said = inBox
    ? `Removed the newer document of ${name}; the one that comes with kosmo is in use again.`
    : `Removed ${name}.`;
  await writeOut(command.opts<{ json?: true }>().json === true ? `${stringifyJson(answer)}\n` : `${said}\n`);
  return 0;
}

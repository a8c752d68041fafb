import { Command } from 'commander';
import { presets } from '../../install/presets.ts';
import { Runtime } from '../../runtime/index.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';
import { terminalWidth } from '../show/data.ts';

/** `integrations:presets`: APIs that can be added by name. */
export const integrationsPresets: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo integrations:presets')
    .summary('lists APIs that can be added by name alone')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Each document is fetched from the npm package that it is published in; none is part of kosmo. Any other
OpenAPI document is added by its file or URL: kosmo integrations:add NAME --spec FILE|URL.

Examples:
  kosmo integrations:presets
  kosmo integrations:add github
`,
    );
}

async function run({ command }: Invocation): Promise<number> {
  const installed = new Set(new Runtime().catalog.names());
  if (command.opts<{ json?: true }>().json === true) {
    const list = presets.map(({ name, title, spec, licence, credentials }) => ({
      name,
      title,
      spec,
      licence,
      credentials,
      installed: installed.has(name),
    }));
    await writeOut(`${stringifyJson({ presets: list })}\n`);
    return 0;
  }
  const { textTable } = await import('../show/table.ts');
  const lines = presets.map(({ name, title, spec, licence, credentials }) => [
    installed.has(name) ? `${name} *` : name,
    title,
    credentials,
    licence,
    spec.split('#')[0] ?? spec,
  ]);
  const table = textTable(['NAME', 'TITLE', 'CREDENTIALS', 'LICENCE', 'FROM'], lines, terminalWidth());
  const note = lines.some(([name]) => name?.endsWith('*')) ? '* is installed.\n' : '';
  await writeOut(`${table}${note}\nkosmo integrations:add NAME adds one.\n`);
  return 0;
}

import { Command } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';
import { terminalWidth } from '../show/data.ts';

/** `integrations:list`: the installed integrations. */
export const integrationsList: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo integrations:list')
    .summary('lists the installed integrations')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  kosmo integrations:list
  kosmo integrations:list --json
`,
    );
}

async function run({ command }: Invocation): Promise<number> {
  const { json } = command.opts<{ json?: true }>();
  const integrations = await new Runtime().integrations();
  if (json === true) {
    await writeOut(`${stringifyJson({ integrations })}\n`);
    return 0;
  }
  const { textTable } = await import('../show/table.ts');
  const lines = integrations.map(({ name, title, functions, configured, enabled, accounts }) => [
    name,
    title,
    String(functions),
    enabled ? (configured ? 'configured' : 'not configured') : 'disabled',
    accounts.join(', '),
  ]);
  await writeOut(textTable(['NAME', 'TITLE', 'FUNCTIONS', 'STATE', 'ACCOUNTS'], lines, terminalWidth()));
  return 0;
}

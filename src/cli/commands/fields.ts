import { Command } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { installedIntegration } from '../installed.ts';
import { writeOut } from '../output.ts';

/** What an account of an integration holds. */
export const integrationsFields: CommandDefinition = { define: fieldsCommand, run: fields };

async function fields({ args, command }: Invocation): Promise<number> {
  const runtime = new Runtime();
  const integration = installedIntegration(runtime.catalog, args[0] ?? '');
  const { fields: list, title } = integration.reader.index;
  if (command.opts<{ json?: true }>().json === true) {
    await writeOut(`${stringifyJson({ integration: integration.name, title, fields: list })}\n`);
    return 0;
  }
  const width = Math.max(...list.map(({ name }) => name.length));
  const lines = list.map(({ name, description, title: words, env, secret, required, default: preset }) => {
    const marks = [
      required ? 'required' : '',
      secret ? 'secret' : '',
      preset === null ? '' : `default ${preset}`,
    ];
    const notes = [env, ...marks.filter(Boolean)].join('; ');
    return `  ${name.padEnd(width)}  ${description || words}\n  ${' '.repeat(width)}  ${notes}\n`;
  });
  await writeOut(
    `${title}: what an account holds\n\n${lines.join('')}\nTo set them: kosmo integrations:configure ${integration.name}\n`,
  );
  return 0;
}

function fieldsCommand(): Command {
  return new Command('kosmo integrations:fields')
    .summary('shows what an account of an integration holds')
    .argument('<integration>', 'its name, as integrations:list shows it')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Example:
  kosmo integrations:fields workos
`,
    );
}

import { Command } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

/** `integrations:examples`: things to try. */
export const integrationsExamples: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo integrations:examples')
    .summary('shows examples of an integration or a function')
    .argument('[name]', 'such as workos, workos.create_user')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  kosmo integrations:examples workos
  kosmo integrations:examples workos.send_invitation
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const { json } = command.opts<{ json?: true }>();
  const name = args[0] ?? '';
  const runtime = new Runtime();
  const examples = await (await runtime.docs()).examples(name);
  // A page about a tool may have started its server.
  await runtime.release();
  if ('code' in examples) throw KosmoError.of(examples);
  if (json === true) {
    await writeOut(`${stringifyJson({ name: name === '' ? null : name, examples })}\n`);
    return 0;
  }
  // Lua comments for the words, so that the whole can be pasted into a program.
  const shown = examples.map(({ title, lua, command: line, needs }) => {
    const shell = line === null || line.includes('\n') ? '' : `-- ${line}\n`;
    const needed = needs === null ? '' : `-- Needs: ${needs}\n`;
    return `-- ${title}\n${needed}${shell}${lua}\n`;
  });
  await writeOut(shown.join('\n'));
  return 0;
}

import { Command } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';
import { terminalWidth } from '../show/data.ts';

/** `integrations:docs`: the documentation pages. */
export const integrationsDocs: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo integrations:docs')
    .summary('shows a page of the documentation')
    .description('Shows a page of the documentation as markdown, or lists the pages.')
    .argument('[page]', 'such as overview, workos, workos.list_users')
    .option('--json', 'print one JSON object: page, markdown, tokens (an estimate)')
    .addHelpText(
      'after',
      `
Examples:
  kosmo integrations:docs
  kosmo integrations:docs workos.create_user
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const { json } = command.opts<{ json?: true }>();
  const [page] = args;
  const docs = await new Runtime().docs();
  if (page === undefined) {
    const pages = docs.list();
    if (json === true) {
      await writeOut(`${stringifyJson({ pages })}\n`);
      return 0;
    }
    const { textTable } = await import('../show/table.ts');
    const lines = pages.map(({ name, summary }) => [name, summary]);
    await writeOut(textTable(['PAGE', 'WHAT'], lines, terminalWidth()));
    return 0;
  }
  const markdown = docs.read(page);
  if (typeof markdown !== 'string') throw KosmoError.of(markdown);
  await writeOut(
    json === true ? `${stringifyJson({ page, markdown, tokens: tokensOf(markdown) })}\n` : markdown,
  );
  return 0;
}

/** About how many tokens a language model reads it as: one for every four characters of English. */
function tokensOf(text: string): number {
  return Math.ceil(text.length / 4);
}

import { Command, InvalidArgumentError } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';
import { terminalWidth } from '../show/data.ts';

/** `integrations:docs`: the documentation pages. */
export const integrationsDocs: CommandDefinition = { define, run };

interface Options {
  readonly tokens?: number | 'usual';
  readonly section?: string;
  readonly json?: true;
}

function define(): Command {
  return new Command('kosmo integrations:docs')
    .summary('shows a page of the documentation')
    .description('Shows a page of the documentation as markdown, or lists the pages.')
    .argument('[page]', 'such as overview, workos, workos.list_users, mcp.github')
    .option(
      '--tokens <number>',
      'how long it may be, in tokens of a language model; "usual" is 600 for a function, 1500 else',
      tokens,
    )
    .option('--section <heading>', 'only the part under this heading')
    .option('--json', 'print one JSON object: page, markdown, tokens (an estimate), left_out')
    .addHelpText(
      'after',
      `
Examples:
  kosmo integrations:docs
  kosmo integrations:docs workos.create_user
  kosmo integrations:docs workos --tokens usual
  kosmo integrations:docs workos.authenticate --section errors
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const { json, tokens: budget, section } = command.opts<Options>();
  const [page] = args;
  const runtime = new Runtime();
  const docs = await runtime.docs();
  if (page === undefined) {
    const pages = docs.list();
    if (json === true) {
      await writeOut(`${stringifyJson({ pages: pages.map((entry) => ({ ...entry })) })}\n`);
      return 0;
    }
    const { textTable } = await import('../show/table.ts');
    const lines = pages.map(({ name, summary }) => [name, summary]);
    await writeOut(textTable(['PAGE', 'WHAT'], lines, terminalWidth()));
    return 0;
  }
  const read = await docs.read(page, {
    ...(budget === undefined ? {} : { tokens: budget }),
    ...(section === undefined ? {} : { section }),
    ask: (name, needed) =>
      `\`kosmo integrations:docs ${name}${section === undefined ? '' : ` --section '${section}'`} --tokens ${needed}\`.`,
  });
  // A page about a tool starts its server.
  await runtime.release();
  if ('code' in read) throw KosmoError.of(read);
  const { markdown, tokens: length, leftOut } = read;
  await writeOut(
    json === true
      ? `${stringifyJson({ page: read.page, markdown, tokens: length, left_out: [...leftOut] })}\n`
      : markdown,
  );
  return 0;
}

function tokens(text: string): number | 'usual' {
  if (text === 'usual') return text;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It takes a whole number above 0, or "usual".');
  return value;
}

import { Command, InvalidArgumentError } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';
import { terminalWidth } from '../show/data.ts';
import { plainText } from '../show/plain-text.ts';

interface Options {
  readonly limit: number;
  readonly in?: string;
  readonly json?: true;
}

/** `integrations:search`: functions for plain words. */
export const integrationsSearch: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo integrations:search')
    .summary('finds functions by what they do')
    .description('Finds functions by what they do, in your own words.')
    .argument('<text...>', 'what you want to do')
    .option('--limit <number>', 'how many to show', count, 10)
    .option('--in <integration>', 'search this integration only')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  kosmo integrations:search invite someone
  kosmo integrations:search "who can see this" --limit 3 --json
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const { json, limit, in: integration } = command.opts<Options>();
  const query = args.join(' ');
  const runtime = new Runtime();
  const { results, unsearched } = await (await runtime.docs()).findFunctions(query, {
    limit,
    ...(integration === undefined ? {} : { integration }),
  });
  // MCP servers are started to be asked for their tools.
  await runtime.release();
  if (json === true) {
    const left = unsearched.length === 0 ? {} : { not_searched: unsearched.map((entry) => ({ ...entry })) };
    await writeOut(`${stringifyJson({ query, results, ...left })}\n`);
    return 0;
  }
  for (const { server, reason } of unsearched)
    process.stderr.write(
      `warning: mcp.${server} was not searched: ${plainText(reason, false)}\n  kosmo mcp:doctor ${server} tries it.\n`,
    );
  if (results.length === 0) {
    process.stderr.write('Nothing found; try other words, or kosmo integrations:docs for the list.\n');
    return 0;
  }
  const { textTable } = await import('../show/table.ts');
  const lines = results.map(({ function: name, lua_name, effect, summary }) => [
    `${name.startsWith('mcp.') ? name.split('.').slice(0, 2).join('.') : name.split('.')[0]}.${lua_name}`,
    effect,
    summary,
  ]);
  await writeOut(textTable(['FUNCTION', 'EFFECT', 'SUMMARY'], lines, terminalWidth()));
  return 0;
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('It takes a whole number above 0.');
  return value;
}

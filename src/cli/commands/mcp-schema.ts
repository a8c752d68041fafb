import { Command } from 'commander';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { askOnce } from '../mcp/ask.ts';
import { writeOut } from '../output.ts';

/** `mcp:schema`: what a tool takes and gives, for programs. */
export const mcpSchema: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo mcp:schema')
    .summary('prints the JSON Schemas of a tool: its arguments and its answer')
    .argument('<server>', 'the server')
    .argument('<tool>', 'one of its tools')
    .option('--json', 'print it on one line')
    .addHelpText('after', '\nExamples:\n  kosmo mcp:schema memory read_graph\n');
}

async function run({ args: [server = '', tool = ''], command }: Invocation): Promise<number> {
  const { json } = command.opts<{ json?: true }>();
  const schema = await askOnce('mcp:schema', 'schema', [server, tool], false);
  await writeOut(`${stringifyJson(schema, json === true ? undefined : 2)}\n`);
  return 0;
}

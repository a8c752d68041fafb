import { Command } from 'commander';
import { type JsonValue, stringifyJson } from '../../support/json.ts';
import { columns } from '../columns.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { askOnce } from '../mcp/ask.ts';
import { writeOut } from '../output.ts';

/** `mcp:tools`: what a server can do. It is started for it. */
export const mcpTools: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo mcp:tools')
    .summary('lists the tools of an MCP server, or shows one')
    .argument('<server>', 'the server')
    .argument('[tool]', 'one of its tools, whose schemas are printed')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  kosmo mcp:tools memory\n  kosmo mcp:tools memory read_graph\n');
}

async function run({ args: [server = '', tool], command }: Invocation): Promise<number> {
  const { json } = command.opts<{ json?: true }>();
  const asked = tool === undefined ? [server] : [server, tool];
  const found = await askOnce('mcp:tools', tool === undefined ? 'tools' : 'schema', asked, json !== true);
  if (tool !== undefined) await writeOut(`${stringifyJson(found, 2)}\n`);
  else if (json === true) await writeOut(`${stringifyJson({ server, tools: found })}\n`);
  else await writeOut(columns(rowsOf(found)));
  return 0;
}

function rowsOf(tools: JsonValue): string[][] {
  if (!Array.isArray(tools)) return [];
  return tools.map((tool) => {
    const { lua_name, effect, summary } = tool as Record<string, JsonValue>;
    return [lua_name, effect, summary].map((cell) => (typeof cell === 'string' ? cell : ''));
  });
}

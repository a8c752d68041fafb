import { Command } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { type JsonValue, stringifyJson } from '../../support/json.ts';
import { columns } from '../columns.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
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
  const runtime = new Runtime({ command: 'mcp:tools' });
  try {
    const found = await runtime.mcp.ask(tool === undefined ? 'tools' : 'schema', [
      server,
      ...(tool === undefined ? [] : [tool]),
    ]);
    if (isFailure(found))
      throw new KosmoError(found.code, found.message, { hint: found.hint, details: { ...found.details } });
    if (tool !== undefined) await writeOut(`${stringifyJson(found, 2)}\n`);
    else if (command.opts<{ json?: true }>().json === true)
      await writeOut(`${stringifyJson({ server, tools: found })}\n`);
    else await writeOut(columns(rowsOf(found)));
    return 0;
  } finally {
    await runtime.release();
  }
}

type Found = Awaited<ReturnType<Runtime['mcp']['ask']>>;

function isFailure(found: Found): found is Exclude<Found, JsonValue> {
  return typeof found === 'object' && found !== null && 'hint' in found && 'code' in found;
}

function rowsOf(tools: JsonValue): string[][] {
  if (!Array.isArray(tools)) return [];
  return tools.map((tool) => {
    const { lua_name, effect, summary } = tool as Record<string, JsonValue>;
    return [lua_name, effect, summary].map((cell) => (typeof cell === 'string' ? cell : ''));
  });
}

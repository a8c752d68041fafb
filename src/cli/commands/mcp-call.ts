import { Command } from 'commander';
import { integrationOf } from '../../mcp/index.ts';
import { Runtime } from '../../runtime/index.ts';
import type { Failure } from '../../support/errors.ts';
import { addCallOptions } from '../call/options.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { callEnvelope } from '../envelope.ts';
import { CallDefinition } from './call.ts';

/** `mcp:call SERVER TOOL`: calls a tool. Its flags are known once the server was asked. */
export function mcpCall(): CommandDefinition {
  return new McpCall();
}

/** The short form of a call to a configured server, `mcp:SERVER TOOL`; null when none has that name. */
export function mcpShortForm(server: string): CommandDefinition | null {
  const command = `mcp:${server}`;
  const runtime = new Runtime({ command });
  return runtime.mcp.configured.servers.has(server) ? callTo(runtime, server, `kosmo ${command}`, 0) : null;
}

function callTo(runtime: Runtime, server: string, command: string, leading: 0 | 1): CallDefinition {
  return new CallDefinition(runtime, { integration: integrationOf(server), command, server, leading });
}

class McpCall implements CommandDefinition {
  #call: CallDefinition | null = null;

  async prepare(args: readonly string[]): Promise<void> {
    const [server] = args.filter((word) => !word.startsWith('-'));
    if (server === undefined) return;
    this.#call = callTo(new Runtime({ command: 'mcp:call' }), server, 'kosmo mcp:call', 1);
    await this.#call.prepare(args);
  }

  define(args: readonly string[] = []): Command {
    if (this.#call !== null) return this.#call.define(args);
    return addCallOptions(new Command('kosmo mcp:call'), false)
      .summary('calls a tool of an MCP server')
      .argument('<server>', 'the server')
      .argument('<tool>', 'one of its tools, whose arguments are flags, too')
      .argument('[json]', 'its arguments as JSON, @FILE, or - for stdin; piped JSON is read too')
      .addHelpText(
        'after',
        `
kosmo mcp:SERVER TOOL is short for it, unless there is a command of that name.

Examples:
  kosmo mcp:call memory open_nodes '{"names":["Mara"]}'
  kosmo mcp:call memory search_nodes --query mara
  kosmo mcp:memory search_nodes --help
`,
      );
  }

  errorEnvelope(error: Failure, args: readonly string[]): string {
    const [server = '', tool = ''] = args.filter((word) => !word.startsWith('-'));
    return callEnvelope({ function: `${integrationOf(server)}.${tool}`, data: null, error });
  }

  run(invocation: Invocation): Promise<number> {
    if (this.#call === null) throw new Error('A call without a server is not understood.');
    return this.#call.run(invocation);
  }
}

import { Command } from 'commander';
import { describeLaunch, fingerprintOf, type ToolRule } from '../../mcp/index.ts';
import { setToolRules } from '../../mcp/manage.ts';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

/** `mcp:trust`: lets a project's server run, as what it is now, and says which tools are called unasked. */
export const mcpTrust: CommandDefinition = { define, run };

interface Options {
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly forget?: readonly string[];
  readonly json?: true;
}

function define(): Command {
  return new Command('kosmo mcp:trust')
    .summary('lets an MCP server of a project run, and tools of your own servers be called unasked')
    .argument('<name>', 'the server')
    .option('--allow <pattern>', 'tools of a server of yours that need no approval: create_*', collect)
    .option('--deny <pattern>', 'tools that are never called: delete_*', collect)
    .option('--forget <pattern>', 'take back what --allow or --deny said', collect)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
It shows what would run. A server whose command changes must be trusted again.

Examples:
  kosmo mcp:trust github
  kosmo mcp:trust memory --allow 'create_*' --deny 'delete_*'
`,
    );
}

async function run({ args: [name = ''], command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const { mcp, state } = new Runtime({ command: 'mcp:trust' });
  const server = mcp.find(name);
  if ('code' in server) throw KosmoError.of(server);
  const { allow = [], deny = [], forget = [] } = options;
  const changed = [...allow, ...deny, ...forget];
  if (changed.length > 0 && server.scope === 'project') {
    throw new KosmoError('usage', `${name} stands in ${server.file}, which belongs to the project.`, {
      hint: 'Add it as your own with kosmo mcp:add to say what its tools may do.',
    });
  }
  const rules: ToolRule[] = [
    ...server.rules.filter(({ pattern }) => !changed.includes(pattern)),
    ...allow.map((pattern) => ({ pattern, verdict: 'allow' as const })),
    ...deny.map((pattern) => ({ pattern, verdict: 'deny' as const })),
  ];
  if (changed.length > 0) await setToolRules(state.home, name, rules);
  await mcp.trust.trust(server);
  const trusted = {
    name,
    launch: describeLaunch(server.launch),
    fingerprint: fingerprintOf(server),
    file: server.file,
    rules,
  };
  if (options.json === true) await writeOut(`${stringifyJson(trusted)}\n`);
  else {
    const said = rules.map(({ pattern, verdict }) => `${verdict} ${pattern}\n`).join('');
    await writeOut(
      `${name} of ${server.file} may run: ${trusted.launch}\nfingerprint ${trusted.fingerprint}\n${said}`,
    );
  }
  return 0;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

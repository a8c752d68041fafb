import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { Integration } from '../../catalog/index.ts';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError, systemErrorCode } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

interface Options {
  readonly out: string;
  readonly mcp?: true;
  readonly json?: true;
}

/** `docs:stubs`: annotations by which an editor completes and checks programs. */
export const docsStubs: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo docs:stubs')
    .summary('writes annotations of every function for lua-language-server')
    .description(
      'Writes LuaCATS annotations of the globals and of every function, by which lua-language-server completes and checks programs in an editor.',
    )
    .option('--out <folder>', 'where to', 'kosmo-stubs')
    .option('--mcp', 'the tools of MCP servers too, which are started for it')
    .option('--json', 'print one JSON object: files')
    .addHelpText(
      'after',
      `
Example:
  kosmo docs:stubs --out .lua-types
  echo '{ "workspace.library": [".lua-types"], "runtime.version": "Lua 5.4" }' > .luarc.json
`,
    );
}

async function run({ command }: Invocation): Promise<number> {
  const { out, mcp, json } = command.opts<Options>();
  const runtime = new Runtime();
  const integrations = runtime.catalog.names().flatMap((name) => runtime.catalog.get(name) ?? []);
  const servers = mcp === true ? await serversOf(runtime) : [];
  const { globalStubs, luaStubs } = await import('../../docs/stubs.ts');
  const files = [
    { name: 'kosmo.lua', text: globalStubs(integrations, servers) },
    ...[...integrations, ...servers].map((integration) => ({
      name: `${integration.name.replace(/[^A-Za-z0-9_.-]+/g, '_')}.lua`,
      text: luaStubs(integration, runtime.state.accounts.names(integration.name)),
    })),
  ];
  await runtime.release();
  try {
    mkdirSync(out, { recursive: true });
    for (const { name, text } of files) writeFileSync(join(out, name), text);
  } catch (error) {
    const code = systemErrorCode(error);
    throw new KosmoError('usage', `${out} cannot be written to (${code ?? 'unknown reason'}).`);
  }
  const paths = files.map(({ name }) => join(out, name));
  await writeOut(
    json === true
      ? `${stringifyJson({ files: paths })}\n`
      : `${paths.join('\n')}\n\nFor lua-language-server, in .luarc.json:\n{ "workspace.library": [${stringifyJson(out)}], "runtime.version": "Lua 5.4" }\n`,
  );
  return 0;
}

/** The servers that answer; one that does not is told of and left out. */
async function serversOf(runtime: Runtime): Promise<Integration[]> {
  const found = await Promise.all(runtime.mcp.names().map((name) => runtime.mcp.integration(name)));
  return found.flatMap((server) => {
    if (!('code' in server)) return [server];
    process.stderr.write(`${server.message}\n`);
    return [];
  });
}

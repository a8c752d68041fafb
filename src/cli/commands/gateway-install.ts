import { Command } from 'commander';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { gatewaySettings, withGatewayOptions } from '../gateway-settings.ts';
import { writeOut } from '../output.ts';

/** `mcp:gateway:install`: puts the gateway among a client's servers. */
export const gatewayInstall: CommandDefinition = { define: defineInstall, run: install };

/** `mcp:gateway:export`: shows what a client's settings need for it. */
export const gatewayExport: CommandDefinition = { define: defineExport, run: exportSettings };

function defineInstall(): Command {
  return withGatewayOptions(
    new Command('kosmo mcp:gateway:install').summary(
      'puts kosmo among the MCP servers of a client, such as Claude Code',
    ),
  )
    .option('--dry-run', 'print the settings that have nothing but kosmo; write nothing')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Comments and all other keys of the client's settings stay as they are.

Examples:
  kosmo mcp:gateway:install claude-code --local --write=allow
  kosmo mcp:gateway:install cursor --write=ask --dry-run
  kosmo mcp:gateway:install codex --url http://127.0.0.1:4110/mcp --token
`,
    );
}

function defineExport(): Command {
  return withGatewayOptions(
    new Command('kosmo mcp:gateway:export').summary(
      'prints the settings with which a client has kosmo as an MCP server',
    ),
  )
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  kosmo mcp:gateway:export vscode --local > .vscode/mcp.json\n');
}

async function install({ args: [client = ''], command }: Invocation): Promise<number> {
  if (command.opts<{ dryRun?: true }>().dryRun === true) return show(client, command);
  const settings = await gatewaySettings(client, command);
  await settings.write();
  const { file, name } = settings;
  const { title, afterwards } = settings.client;
  await writeOut(
    isJson(command)
      ? `${stringifyJson({ client: settings.client.name, file, name, written: true })}\n`
      : `${title} has kosmo as its server ${name}, in ${file}. ${afterwards}\n`,
  );
  return 0;
}

function exportSettings({ args: [client = ''], command }: Invocation): Promise<number> {
  return show(client, command);
}

async function show(name: string, command: Command): Promise<number> {
  const settings = await gatewaySettings(name, command);
  const text = await settings.text();
  const { file, client } = settings;
  const shown = { client: client.name, file, name: settings.name, written: false, text };
  await writeOut(isJson(command) ? `${stringifyJson(shown)}\n` : text);
  if (!isJson(command)) process.stderr.write(`For ${file}, which was not changed.\n`);
  return 0;
}

function isJson(command: Command): boolean {
  return command.opts<{ json?: true }>().json === true;
}

import { Command } from 'commander';
import { isJsonObject, type JsonValue, stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { askOnce } from '../mcp/ask.ts';
import { writeOut } from '../output.ts';
import { plainText } from '../show/plain-text.ts';
import { textTable } from '../show/table.ts';

/** `mcp:resources`: what a server has to read. */
export const mcpResources: CommandDefinition = { define: defineList, run: list };

/** `mcp:resource`: reads one. */
export const mcpResource: CommandDefinition = { define: defineRead, run: read };

function defineList(): Command {
  return new Command('kosmo mcp:resources')
    .summary('lists the resources of an MCP server, and the templates of URIs that stand for many')
    .argument('<server>', 'the server')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  kosmo mcp:resources files\n');
}

async function list({ args: [server = ''], command }: Invocation): Promise<number> {
  const { json } = command.opts<{ json?: true }>();
  const resources = await askOnce('mcp:resources', 'resources', [server], json !== true);
  if (json === true) {
    await writeOut(`${stringifyJson({ server, resources })}\n`);
    return 0;
  }
  const rows = (Array.isArray(resources) ? resources : []).filter(isJsonObject);
  if (rows.length === 0) process.stderr.write(`${server} has no resources.\n`);
  else {
    const lines = rows.map((row) => [
      text(row['uri'] ?? row['uriTemplate']),
      text(row['mimeType']),
      text(row['description'] ?? row['title'] ?? row['name']),
    ]);
    await writeOut(textTable(['URI', 'TYPE', 'ABOUT'], lines, process.stdout.columns ?? null));
  }
  return 0;
}

function defineRead(): Command {
  return new Command('kosmo mcp:resource')
    .summary('reads a resource of an MCP server')
    .argument('<server>', 'the server')
    .argument('<uri>', 'which, as mcp:resources lists it')
    .option('--json', 'print an object: uri, mime_type, and text or the path of a file')
    .addHelpText('after', '\nExamples:\n  kosmo mcp:resource files file:///notes/today.md\n');
}

async function read({ args: [server = '', uri = ''], command }: Invocation): Promise<number> {
  const { json } = command.opts<{ json?: true }>();
  const found = await askOnce('mcp:resource', 'read_resource', [server, uri], json !== true);
  if (json === true) await writeOut(`${stringifyJson(found)}\n`);
  else for (const content of Array.isArray(found) ? found : [found]) await writeOut(shown(content));
  return 0;
}

/** Text as it is, and where bytes have been put. */
function shown(content: JsonValue): string {
  if (!isJsonObject(content)) return '';
  const { text: words, path } = content;
  if (typeof words !== 'string') return `${text(path)}\n`;
  const written = process.stdout.isTTY ? plainText(words, true) : words;
  return written.endsWith('\n') ? written : `${written}\n`;
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? plainText(value, false) : '';
}

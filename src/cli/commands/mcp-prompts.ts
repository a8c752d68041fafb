import { Command } from 'commander';
import { KosmoError } from '../../support/errors.ts';
import { isJsonObject, type JsonValue, stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { askOnce } from '../mcp/ask.ts';
import { writeOut } from '../output.ts';
import { plainText } from '../show/plain-text.ts';
import { textTable } from '../show/table.ts';

/** `mcp:prompts`: the prompts a server has. */
export const mcpPrompts: CommandDefinition = { define: defineList, run: list };

/** `mcp:prompt`: one of them, filled in. */
export const mcpPrompt: CommandDefinition = { define: defineFill, run: fill };

function defineList(): Command {
  return new Command('kosmo mcp:prompts')
    .summary('lists the prompts of an MCP server, and what each takes')
    .argument('<server>', 'the server')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  kosmo mcp:prompts every\n');
}

async function list({ args: [server = ''], command }: Invocation): Promise<number> {
  const { json } = command.opts<{ json?: true }>();
  const prompts = await askOnce('mcp:prompts', 'prompts', [server], json !== true);
  if (json === true) {
    await writeOut(`${stringifyJson({ server, prompts })}\n`);
    return 0;
  }
  const rows = (Array.isArray(prompts) ? prompts : []).filter(isJsonObject);
  if (rows.length === 0) process.stderr.write(`${server} has no prompts.\n`);
  else {
    const lines = rows.map((row) => [
      text(row['name']),
      argumentsOf(row['arguments']),
      text(row['description'] ?? row['title']),
    ]);
    await writeOut(textTable(['PROMPT', 'TAKES', 'ABOUT'], lines, process.stdout.columns ?? null));
  }
  return 0;
}

function argumentsOf(list: JsonValue | undefined): string {
  return (Array.isArray(list) ? list : [])
    .filter(isJsonObject)
    .map(({ name, required }) => (required === true ? text(name) : `[${text(name)}]`))
    .join(' ');
}

function defineFill(): Command {
  return new Command('kosmo mcp:prompt')
    .summary('fills in a prompt of an MCP server')
    .argument('<server>', 'the server')
    .argument('<prompt>', 'one of its prompts')
    .option('--arg <name=value>', 'an argument of it', assignment)
    .option('--json', 'print an object: description, messages')
    .addHelpText('after', '\nExamples:\n  kosmo mcp:prompt every args-prompt --arg city=Oslo\n');
}

async function fill({ args: [server = '', prompt = ''], command }: Invocation): Promise<number> {
  const { json, arg = {} } = command.opts<{ json?: true; arg?: Record<string, string> }>();
  const found = await askOnce('mcp:prompt', 'get_prompt', [server, prompt, { ...arg }], json !== true);
  if (json === true) {
    await writeOut(`${stringifyJson(found)}\n`);
    return 0;
  }
  const messages = isJsonObject(found) ? found['messages'] : [];
  for (const message of Array.isArray(messages) ? messages : []) {
    if (!isJsonObject(message)) continue;
    const { role, content } = message;
    const words = isJsonObject(content) && typeof content['text'] === 'string' ? content['text'] : null;
    const shown = words === null ? stringifyJson(content) : plainText(words, true);
    await writeOut(`${text(role)}: ${shown}\n`);
  }
  return 0;
}

function assignment(given: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = given.indexOf('=');
  if (at < 1) throw new KosmoError('usage', '--arg takes NAME=VALUE.');
  return { ...before, [given.slice(0, at)]: given.slice(at + 1) };
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? plainText(value, false) : '';
}

import { Command } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';
import { readStdin } from '../program.ts';

/** `mcp:secret:set`: keeps a secret. It is typed unseen or read from stdin, and never an argument. */
export const mcpSecretSet: CommandDefinition = { define: defineSet, run: set };

/** `mcp:secret:list`: the names alone; a secret is never shown. */
export const mcpSecretList: CommandDefinition = { define: defineList, run: list };

/** `mcp:secret:remove`. */
export const mcpSecretRemove: CommandDefinition = { define: defineRemove, run: remove };

function defineSet(): Command {
  return new Command('kosmo mcp:secret:set')
    .summary('keeps a secret, encrypted, for the configuration of MCP servers')
    .argument('<name>', `what configurations call it: $\{secret:NAME}`)
    .addHelpText(
      'after',
      `
It is asked for on a terminal and not shown while it is typed; elsewhere it is read
from stdin.

Examples:
  kosmo mcp:secret:set tracker-token
  op read op://dev/tracker/token | kosmo mcp:secret:set tracker-token
  kosmo mcp:add tracker --url https://mcp.example.com/mcp --header 'Authorization=Bearer \${secret:tracker-token}'
`,
    );
}

async function set({ args: [name = ''] }: Invocation): Promise<number> {
  const value = await readSecret(name);
  if (value === '') throw new KosmoError('usage', `No secret was given for ${name}. Nothing was changed.`);
  const { mcp } = new Runtime({ command: 'mcp:secret:set' });
  await mcp.secrets.set(name, value);
  await writeOut(`Kept ${name}: configurations name it as \${secret:${name}}.\n`);
  return 0;
}

async function readSecret(name: string): Promise<string> {
  if (!process.stdin.isTTY)
    return Buffer.from(await readStdin())
      .toString('utf8')
      .replace(/\r?\n$/, '');
  const { default: password } = await import('@inquirer/password');
  try {
    return await password({ message: `${name}:`, mask: '*' }, { output: process.stderr });
  } catch (error) {
    // Ctrl-C, or the end of the input.
    throw new KosmoError('interrupted', 'Nothing was changed.', { cause: error });
  }
}

function defineList(): Command {
  return new Command('kosmo mcp:secret:list')
    .summary('lists the names of the secrets that are kept')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  kosmo mcp:secret:list\n');
}

async function list({ command }: Invocation): Promise<number> {
  const { mcp } = new Runtime({ command: 'mcp:secret:list' });
  const names = [...mcp.secrets.names()].sort();
  if (command.opts<{ json?: true }>().json === true) await writeOut(`${stringifyJson({ secrets: names })}\n`);
  else if (names.length === 0) process.stderr.write('No secret is kept. kosmo mcp:secret:set keeps one.\n');
  else await writeOut(names.map((name) => `${name}\n`).join(''));
  return 0;
}

function defineRemove(): Command {
  return new Command('kosmo mcp:secret:remove')
    .summary('removes a secret')
    .argument('<name>', 'the secret')
    .addHelpText('after', '\nExamples:\n  kosmo mcp:secret:remove tracker-token\n');
}

async function remove({ args: [name = ''] }: Invocation): Promise<number> {
  const { mcp } = new Runtime({ command: 'mcp:secret:remove' });
  if (!(await mcp.secrets.remove(name)))
    throw new KosmoError('usage', `There is no secret ${name}.`, {
      hint: 'kosmo mcp:secret:list lists them.',
    });
  await writeOut(`Removed ${name}.\n`);
  return 0;
}

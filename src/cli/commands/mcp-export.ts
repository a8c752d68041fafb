import { resolve } from 'node:path';
import { Command } from 'commander';
import type { ServerConfig } from '../../mcp/index.ts';
import {
  changeSettings,
  findClient,
  mcpClients,
  settingsFileOf,
  settingsWith,
  thisMachine,
} from '../../mcp/manage.ts';
import { Runtime } from '../../runtime/index.ts';
import { exitCodeOf, type Failure, failureOf, KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

interface Options {
  readonly project?: true;
  readonly file?: string;
  readonly print?: true;
  readonly json?: true;
}

/** `mcp:export`: writes servers into another client's settings, whose comments and other keys stay. */
export const mcpExport: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo mcp:export')
    .summary('writes MCP servers into the settings of another client')
    .argument('<client>', mcpClients.map(({ name }) => name).join(', '))
    .argument('[server...]', 'which; all that may run, unless some are named')
    .option('--project', 'into its settings in this folder, not the user’s')
    .option('--file <file>', 'into settings that are somewhere else')
    .option('--print', 'print settings that have nothing but the servers; write nothing')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Comments and all other keys of the settings stay as they are; a server of the same
name is replaced. Secrets of kosmo's are never written: a server that needs one is
left out, and so is one that the client cannot have.

Examples:
  kosmo mcp:export cursor --print
  kosmo mcp:export claude-code memory
  kosmo mcp:export vscode --project
`,
    );
}

async function run({ args: [name = '', ...names], command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const { mcp } = new Runtime({ command: 'mcp:export' });
  const client = findClient(name);
  const machine = thisMachine(process.cwd(), process.env);
  const file =
    options.file === undefined
      ? settingsFileOf(client, options.project === true ? 'project' : 'user', machine)
      : resolve(options.file);
  const wanted = (names.length > 0 ? names : mcp.names()).map((server): ServerConfig => {
    const found = mcp.find(server);
    if ('code' in found) throw KosmoError.of(found);
    return found;
  });
  const written: string[] = [];
  const left: { name: string; error: Failure }[] = [];
  let text: string | null = null;
  for (const server of wanted) {
    try {
      if (options.print === true)
        text = await settingsWith(client, text, file, machine, server.name, server.launch);
      else await changeSettings(client, file, machine, server.name, server.launch);
      written.push(server.name);
    } catch (error) {
      const failed = failureOf(error);
      // What is wrong with one server does not keep the others out; what is wrong with the file does.
      if (failed.code !== 'not_configured') throw error;
      left.push({ name: server.name, error: failed });
    }
  }
  if (options.json === true)
    await writeOut(
      `${stringifyJson({ client: client.name, file, written, left, ...(options.print === true ? { text: text ?? '' } : {}) })}\n`,
    );
  else if (options.print === true) await writeOut(text ?? '');
  else if (written.length > 0)
    await writeOut(`Wrote ${written.join(', ')} into ${file}. ${client.afterwards}\n`);
  for (const { error } of left) process.stderr.write(`left out: ${error.message}\n`);
  const [first] = left;
  // Whoever named a server wants that one.
  return first !== undefined && (names.length > 0 || written.length === 0) ? exitCodeOf(first.error) : 0;
}

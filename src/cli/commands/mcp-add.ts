import { Command } from 'commander';
import { describeLaunch, type Launch } from '../../mcp/index.ts';
import { addServer } from '../../mcp/manage.ts';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

interface Options {
  readonly url?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly allowRoots?: true;
  readonly json?: true;
}

/** `mcp:add`: a server of the user's own, which is trusted by being added. */
export const mcpAdd: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo mcp:add')
    .summary('adds an MCP server: a command that runs it, or its URL')
    .argument('<name>', 'what programs call it: app.mcp.NAME')
    .argument('[command...]', 'what runs it, after --')
    .option('--url <url>', 'where it is, for one that is reached over HTTP')
    .option('--header <name=value>', `a header for its URL; $\{NAME} is an environment variable`, assignment)
    .option(
      '--env <name=value>',
      `a variable for its command; $\{NAME} is one of the environment`,
      assignment,
    )
    .option('--allow-roots', 'tell the server the folder that kosmo runs in')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  kosmo mcp:add memory -- npx -y @modelcontextprotocol/server-memory
  kosmo mcp:add tracker --url https://mcp.example.com/mcp --header 'Authorization=Bearer \${TRACKER_TOKEN}'
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const [name = '', ...words] = args;
  const launch = launchOf(options, words);
  if (!/^[\w.-]+$/.test(name)) {
    throw new KosmoError('usage', `${name} cannot be the name of a server: letters, digits, - and _ can.`);
  }
  const runtime = new Runtime({ command: 'mcp:add' });
  await addServer(runtime.state.home, name, { launch, roots: options.allowRoots === true });
  const added = { name, launch: describeLaunch(launch) };
  await writeOut(options.json === true ? `${stringifyJson(added)}\n` : `Added ${name}: ${added.launch}\n`);
  return 0;
}

function launchOf({ url, header = {}, env = {} }: Options, [program, ...words]: readonly string[]): Launch {
  if ((url === undefined) === (program === undefined)) {
    throw new KosmoError('usage', 'It takes a command after --, or --url.', {
      hint: 'kosmo mcp:add --help shows examples.',
    });
  }
  if (program !== undefined) return { kind: 'stdio', command: program, args: words, env, cwd: null };
  if (!URL.canParse(url ?? '') || !/^https?:/.test(url ?? ''))
    throw new KosmoError('usage', `${url} is no http or https URL.`);
  return { kind: 'http', url: url ?? '', headers: header, transport: 'auto' };
}

function assignment(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  // What is given may be a secret, and is not repeated.
  if (at < 1) throw new KosmoError('usage', 'It takes NAME=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

import { Command } from 'commander';
import { describeLaunch, type Launch, type OAuthClient } from '../../mcp/index.ts';
import { addServer } from '../../mcp/manage.ts';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';
import { portNumber } from '../port.ts';

interface Options {
  readonly url?: string;
  readonly header?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly clientCredentials?: true;
  readonly callbackPort?: number;
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
    .option(
      '--client-id <id>',
      'with --url: the OAuth client to sign in with, or the https URL of its metadata document',
    )
    .option('--client-secret <text>', `with --client-id: its secret; $\{secret:NAME} is one that is kept`)
    .option('--client-credentials', 'with --client-secret: the client itself is let in, nobody signs in')
    .option('--callback-port <number>', 'with --url: the port that a sign-in comes back to', portNumber)
    .option('--allow-roots', 'tell the server the folder that kosmo runs in')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  kosmo mcp:add memory -- npx -y @modelcontextprotocol/server-memory
  kosmo mcp:add tracker --url https://mcp.example.com/mcp --header 'Authorization=Bearer \${TRACKER_TOKEN}'
  kosmo mcp:add plans --url https://mcp.example.com/mcp --client-id 4f1c --client-secret '\${secret:plans}'
  kosmo mcp:add jobs --url https://mcp.example.com/mcp --client-credentials --client-id 4f1c --client-secret '\${JOBS_SECRET}'
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

/** What is said of an OAuth client; undefined for nothing. */
function oauthOf(options: Options): OAuthClient | undefined {
  const { clientId, clientSecret, clientCredentials, callbackPort } = options;
  if (clientCredentials === true && clientSecret === undefined)
    throw new KosmoError('usage', '--client-credentials needs --client-id and --client-secret.', {
      hint: 'A client that has a private key is written into the file: docs/mcp.md shows how.',
    });
  if (clientSecret !== undefined && clientId === undefined)
    throw new KosmoError('usage', '--client-secret needs --client-id.', { hint: 'Say whose secret it is.' });
  const oauth = {
    ...(clientCredentials === true ? ({ grant: 'client_credentials' } as const) : {}),
    ...(clientId === undefined ? {} : { clientId }),
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(callbackPort === undefined ? {} : { port: callbackPort }),
  };
  return Object.keys(oauth).length === 0 ? undefined : oauth;
}

/** An option that would have no effect is not passed over in silence. */
function checkFit(options: Options): void {
  const needs = options.url === undefined ? '--url' : 'a command after --';
  const unfit = options.url === undefined ? ofUrl : ofCommand;
  const given = unfit.find(([name]) => options[name] !== undefined)?.[1];
  if (given !== undefined)
    throw new KosmoError('usage', `${given} needs ${needs}.`, {
      hint: 'kosmo mcp:add --help shows examples.',
    });
}

const ofUrl = [
  ['header', '--header'],
  ['clientId', '--client-id'],
  ['clientSecret', '--client-secret'],
  ['clientCredentials', '--client-credentials'],
  ['callbackPort', '--callback-port'],
] as const;
const ofCommand = [
  ['env', '--env'],
  ['allowRoots', '--allow-roots'],
] as const;

function launchOf(options: Options, [program, ...words]: readonly string[]): Launch {
  const { url, header = {}, env = {} } = options;
  if ((url === undefined) === (program === undefined)) {
    throw new KosmoError('usage', 'It takes a command after --, or --url.', {
      hint: 'kosmo mcp:add --help shows examples.',
    });
  }
  checkFit(options);
  if (program !== undefined) return { kind: 'stdio', command: program, args: words, env, cwd: null };
  if (!URL.canParse(url ?? '') || !/^https?:/.test(url ?? ''))
    throw new KosmoError('usage', `${url} is no http or https URL.`);
  const oauth = oauthOf(options);
  const launch = { kind: 'http', url: url ?? '', headers: header, transport: 'auto' } as const;
  return oauth === undefined ? launch : { ...launch, oauth };
}

function assignment(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  // What is given may be a secret, and is not repeated.
  if (at < 1) throw new KosmoError('usage', 'It takes NAME=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import type { Launch, ServerConfig } from '../../mcp/index.ts';
import {
  addServer,
  enableServer,
  findClient,
  mcpClients,
  readSettings,
  secretsOf,
  settingsFileOf,
  thisMachine,
  withSecretsApart,
} from '../../mcp/manage.ts';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut, writeWarnings } from '../output.ts';
import { textTable } from '../show/table.ts';

interface Options {
  readonly project?: true;
  readonly file?: string;
  readonly only?: readonly string[];
  readonly replace?: true;
  readonly plain?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `mcp:import`: takes over servers from another client's settings, which are only read. */
export const mcpImport: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo mcp:import')
    .summary('takes over MCP servers from the settings of another client')
    .argument('[client]', `${mcpClients.map(({ name }) => name).join(', ')}; without one, what each has`)
    .option('--project', 'its settings in this folder, not the user’s')
    .option('--file <file>', 'settings that are somewhere else')
    .option('--only <server>', 'only this one', collect)
    .option('--replace', 'in place of a server of that name')
    .option('--plain', 'leave keys and tokens as they are written, in mcp.json')
    .option('--dry-run', 'show what would be taken over')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Keys and tokens that stand in the settings are kept encrypted, as mcp:secret:set keeps
them; the settings of the other client are not changed.

Examples:
  kosmo mcp:import
  kosmo mcp:import claude-code
  kosmo mcp:import cursor --only github --dry-run
`,
    );
}

/** What became of one server. */
interface Imported {
  readonly name: string;
  readonly result: 'added' | 'replaced' | 'skipped';
  readonly reason: string | null;
  /** Secrets that are kept encrypted from now on. */
  readonly secrets: readonly string[];
  /** Secrets it needs that are not there. */
  readonly missing: readonly string[];
}

async function run({ args: [name], command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const runtime = new Runtime({ command: 'mcp:import' });
  const machine = thisMachine(process.cwd(), process.env);
  if (name === undefined) return overview(machine, options.json === true);
  const client = findClient(name);
  const file =
    options.file === undefined
      ? settingsFileOf(client, options.project === true ? 'project' : 'user', machine)
      : resolve(options.file);
  if (!existsSync(file)) {
    throw new KosmoError('input_unreadable', `${client.title} has no settings: there is no ${file}.`, {
      hint: 'kosmo mcp:import shows what each client has.',
      details: { client: client.name, file },
    });
  }
  const { servers, faults } = await readSettings(client, file, machine);
  const [fault] = faults;
  if (fault !== undefined && servers.length === 0) throw KosmoError.of(fault);
  const wanted = servers.filter(({ name: server }) => options.only?.includes(server) ?? true);
  const unknown = options.only?.filter((server) => !servers.some((entry) => entry.name === server)) ?? [];
  if (unknown.length > 0) {
    throw new KosmoError('unknown_server', `${file} has no server ${unknown.join(', ')}.`, {
      hint: `It has ${servers.map((server) => server.name).join(', ') || 'none'}.`,
    });
  }
  const imported: Imported[] = [];
  for (const server of wanted) imported.push(await take(runtime, server, options));
  if (options.json === true)
    await writeOut(`${stringifyJson({ client: client.name, file, servers: imported, faults })}\n`);
  else await writeOut(rendered(file, imported, options.dryRun === true));
  writeWarnings(faults.map(({ message }) => message));
  return 0;
}

async function take({ mcp, state }: Runtime, server: ServerConfig, options: Options): Promise<Imported> {
  const name = server.name.trim().replace(/[^\w-]+/g, '-');
  const there = mcp.configured.servers.get(name);
  const own = there?.scope === 'user';
  const nothing = { name, secrets: [], missing: [] };
  if (name === '') return { ...nothing, result: 'skipped', reason: 'it has no name that programs could use' };
  if (isGateway(server.launch)) return { ...nothing, result: 'skipped', reason: 'it is kosmo itself' };
  if (own && options.replace !== true)
    return { ...nothing, result: 'skipped', reason: 'there is one of that name; --replace takes its place' };
  const { launch, secrets } =
    options.plain === true
      ? { launch: server.launch, secrets: new Map<string, string>() }
      : withSecretsApart(name, server.launch);
  const known = new Set([...mcp.secrets.names(), ...secrets.keys()]);
  if (options.dryRun !== true) {
    for (const [secret, value] of secrets) await mcp.secrets.set(secret, value);
    await addServer(state.home, name, { launch });
    if (!server.enabled) await enableServer(state.home, name, false);
  }
  return {
    name,
    result: own ? 'replaced' : 'added',
    reason: null,
    secrets: [...secrets.keys()],
    missing: secretsOf(launch).filter((secret) => !known.has(secret)),
  };
}

/** Whether a server is what `mcp:gateway:install` writes. */
function isGateway(launch: Launch): boolean {
  return launch.kind === 'stdio' && launch.args.includes('mcp:serve');
}

async function overview(machine: ReturnType<typeof thisMachine>, json: boolean): Promise<number> {
  const places = mcpClients.flatMap((client) =>
    (client.projectFile === null ? (['user'] as const) : (['user', 'project'] as const)).map((scope) => ({
      client,
      scope,
      file: settingsFileOf(client, scope, machine),
    })),
  );
  const found = await Promise.all(
    places
      .filter(({ file }) => existsSync(file))
      .map(async ({ client, scope, file }) => {
        const { servers, faults } = await readSettings(client, file, machine);
        return { client: client.name, scope, file, servers: servers.map(({ name }) => name), faults };
      }),
  );
  if (json) await writeOut(`${stringifyJson({ clients: found })}\n`);
  else if (found.length === 0) await writeOut('No settings of another client were found.\n');
  else {
    const lines = found.map(({ client, scope, file, servers }) => [client, scope, servers.join(', '), file]);
    await writeOut(textTable(['CLIENT', 'SCOPE', 'SERVERS', 'FILE'], lines, process.stdout.columns ?? null));
  }
  return 0;
}

function rendered(file: string, imported: readonly Imported[], dryRun: boolean): string {
  if (imported.length === 0) return `${file} has no servers.\n`;
  const words = dryRun
    ? { added: 'would add', replaced: 'would replace' }
    : { added: 'added', replaced: 'replaced' };
  return imported
    .map(({ name, result, reason, secrets, missing }) => {
      if (result === 'skipped') return `skipped ${name}: ${reason ?? ''}\n`;
      const kept = secrets.length === 0 ? '' : `; kept encrypted: ${secrets.join(', ')}`;
      const needed = missing
        .map((secret) => `  it needs a secret: kosmo mcp:secret:set ${secret}\n`)
        .join('');
      return `${words[result]} ${name}${kept}\n${needed}`;
    })
    .join('');
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

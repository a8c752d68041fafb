import { type Failure, failure, failureOf, KosmoError } from '../../support/errors.ts';
import type { McpSecrets } from './secrets.ts';
import type { Launch } from './server-config.ts';
import { mapLaunch, replaceVariables, type Variable, variablesOf } from './variables.ts';

/** Where the values of variables come from. */
export interface Variables {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The project's folder: `${workspaceFolder}`. */
  readonly folder: string;
  readonly secrets: McpSecrets;
}

/** A launch with its variables filled in, and what of it must never be shown. */
export interface Expanded {
  readonly launch: Launch;
  readonly concealed: readonly string[];
}

/**
 * Fills in `${NAME}`, `${env:NAME}`, `${secret:NAME}`, `${NAME:-otherwise}` and `${workspaceFolder}`.
 * @returns a failure that names every variable that has no value
 */
export async function expand(
  server: string,
  launch: Launch,
  { environment, folder, secrets }: Variables,
): Promise<Expanded | Failure> {
  const opened = new Map<string, string | null>();
  try {
    for (const { source, name } of variablesOf(launch))
      if (source === 'secret' && !opened.has(name)) opened.set(name, await secrets.open(name));
  } catch (error) {
    if (error instanceof KosmoError) return failureOf(error);
    throw error;
  }
  const lookUp = ({ source, name }: Variable): string | null => {
    if (source === 'folder') return folder;
    return (source === 'secret' ? opened.get(name) : environment[name]) || null;
  };
  const missing = new Map<string, Variable>();
  const filled = mapLaunch(launch, (text) =>
    replaceVariables(text, (variable, written) => {
      const value = lookUp(variable) ?? variable.otherwise;
      if (value === null) missing.set(`${variable.source} ${variable.name}`, variable);
      return value ?? written;
    }),
  );
  if (missing.size === 0) return { launch: filled, concealed: [...tokensOf(filled), ...texts(opened)] };
  const variables = [...missing.values()];
  const names = variables.map(({ name }) => name);
  return failure(
    'not_configured',
    `The MCP server ${server} needs ${variables.map(inWords).join(', ')}, which has no value.`,
    { hint: variables.map(remedyFor).join(' '), details: { server, missing: names } },
  );
}

function inWords({ source, name }: Variable): string {
  return source === 'secret' ? `the secret ${name}` : name;
}

function remedyFor({ source, name }: Variable): string {
  return source === 'secret' ? `kosmo mcp:secret:set ${name}` : `Set the environment variable ${name}.`;
}

/** What proves to a server who asks is a secret wherever it came from. */
function tokensOf(launch: Launch): string[] {
  if (launch.kind === 'stdio') return [];
  return Object.entries(launch.headers).flatMap(([name, value]) =>
    /authorization|cookie|key|token|secret/i.test(name) ? [value, value.replace(/^\w+ /, '')] : [],
  );
}

function texts(opened: ReadonlyMap<string, string | null>): string[] {
  return [...opened.values()].filter((value) => value !== null);
}

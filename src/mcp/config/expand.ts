import { type Failure, failure } from '../../support/errors.ts';
import type { Launch } from './server-config.ts';

/** Where the values of variables come from. */
export interface Variables {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The project's folder: `${workspaceFolder}`. */
  readonly folder: string;
  /** A stored secret: `${secret:NAME}`. */
  secret(name: string): string | undefined;
}

/** A launch with its variables filled in, and the secrets that were, so that they can be kept out of what is shown. */
export interface Expanded {
  readonly launch: Launch;
  readonly secrets: readonly string[];
}

/**
 * Fills in `${NAME}`, `${env:NAME}`, `${NAME:-otherwise}`, `${workspaceFolder}` and `${secret:NAME}`.
 * @returns a failure that names every variable that has no value
 */
export function expand(server: string, launch: Launch, variables: Variables): Expanded | Failure {
  const missing = new Set<string>();
  const secrets: string[] = [];
  const fill = (text: string) =>
    text.replace(/\$\{([^}]*)\}/g, (whole, inside: string) => {
      const { name, otherwise } = /^(?<name>.*?)(?::-(?<otherwise>.*))?$/s.exec(inside)?.groups ?? {};
      const value = lookUp(name ?? '', variables);
      if (value !== undefined && name?.startsWith('secret:') === true) secrets.push(value);
      const filled = value ?? otherwise;
      if (filled === undefined) missing.add(name ?? inside);
      return filled ?? whole;
    });
  const table = (entries: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, fill(value)]));
  const filled: Launch =
    launch.kind === 'stdio'
      ? {
          kind: 'stdio',
          command: fill(launch.command),
          args: launch.args.map(fill),
          env: table(launch.env),
          cwd: launch.cwd === null ? null : fill(launch.cwd),
        }
      : { kind: 'http', url: fill(launch.url), headers: table(launch.headers), transport: launch.transport };
  if (missing.size === 0) return { launch: filled, secrets };
  const names = [...missing];
  return failure(
    'not_configured',
    `The MCP server ${server} needs ${names.join(', ')}, which has no value.`,
    {
      hint: names
        .map((name) =>
          name.startsWith('secret:')
            ? `Store it with kosmo mcp:secret:set ${name.slice(7)}.`
            : `Set the environment variable ${name.replace(/^env:/, '')}.`,
        )
        .join(' '),
      details: { server, missing: names },
    },
  );
}

function lookUp(name: string, { environment, folder, secret }: Variables): string | undefined {
  if (name === 'workspaceFolder') return folder;
  if (name.startsWith('secret:')) return secret(name.slice(7));
  const value = environment[name.replace(/^env:/, '')];
  return value === '' ? undefined : value;
}

import { type Failure, failure } from '../../support/errors.ts';
import type { Launch } from './server-config.ts';

/** Where the values of variables come from. */
export interface Variables {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The project's folder: `${workspaceFolder}`. */
  readonly folder: string;
}

/**
 * Fills in `${NAME}`, `${env:NAME}`, `${NAME:-otherwise}` and `${workspaceFolder}`.
 * @returns a failure that names every variable that has no value
 */
export function expand(server: string, launch: Launch, variables: Variables): Launch | Failure {
  const missing = new Set<string>();
  const fill = (text: string) =>
    text.replace(/\$\{([^}]*)\}/g, (whole, inside: string) => {
      const { name, otherwise } = /^(?<name>.*?)(?::-(?<otherwise>.*))?$/s.exec(inside)?.groups ?? {};
      const value = lookUp(name ?? '', variables);
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
  if (missing.size === 0) return filled;
  const names = [...missing];
  return failure(
    'not_configured',
    `The MCP server ${server} needs ${names.join(', ')}, which has no value.`,
    {
      hint: names.map((name) => `Set the environment variable ${name.replace(/^env:/, '')}.`).join(' '),
      details: { server, missing: names },
    },
  );
}

function lookUp(name: string, { environment, folder }: Variables): string | undefined {
  if (name === 'workspaceFolder') return folder;
  const value = environment[name.replace(/^env:/, '')];
  return value === '' ? undefined : value;
}

import { type Failure, failure } from '../../support/errors.ts';
import type { Launch } from './server-config.ts';
import { mapLaunch, replaceVariables, type Variable } from './variables.ts';

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
  const filled = mapLaunch(launch, (text) =>
    replaceVariables(text, (variable, written) => {
      const value = lookUp(variable, variables) ?? variable.otherwise;
      if (value === null) missing.add(variable.name);
      return value ?? written;
    }),
  );
  if (missing.size === 0) return filled;
  const names = [...missing];
  return failure(
    'not_configured',
    `The MCP server ${server} needs ${names.join(', ')}, which has no value.`,
    {
      hint: names.map((name) => `Set the environment variable ${name}.`).join(' '),
      details: { server, missing: names },
    },
  );
}

function lookUp({ source, name }: Variable, { environment, folder }: Variables): string | null {
  if (source === 'folder') return folder;
  return environment[name] || null;
}

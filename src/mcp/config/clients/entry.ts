import type { JsonObject } from '../../../support/json.ts';
import type { Launch } from '../server-config.ts';

/** What most programs write for a server: `command`, `args`, `env`, `cwd`, or a URL and `headers`. */
export function usualEntry(
  launch: Launch,
  { url = 'url', type = true }: { readonly url?: string; readonly type?: boolean } = {},
): JsonObject {
  if (launch.kind === 'http') {
    const { headers, transport } = launch;
    return {
      ...(type ? { type: transport === 'sse' ? 'sse' : 'http' } : {}),
      [url]: launch.url,
      ...(isEmpty(headers) ? {} : { headers: { ...headers } }),
    };
  }
  const { command, args, env, cwd } = launch;
  return {
    command,
    args: [...args],
    ...(isEmpty(env) ? {} : { env: { ...env } }),
    ...(cwd === null ? {} : { cwd }),
  };
}

export function isEmpty(table: Readonly<Record<string, string>>): boolean {
  return Object.keys(table).length === 0;
}

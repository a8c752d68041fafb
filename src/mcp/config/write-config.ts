import { applyEdits, modify } from 'jsonc-parser';
import type { Home } from '../../home/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { usualEntry } from './clients/entry.ts';
import { userFileName } from './config-files.ts';
import { parseConfig } from './read-config.ts';
import type { Launch, ToolRule } from './server-config.ts';

/** What a server is added with, beside how it is reached. */
export interface AddedServer {
  readonly launch: Launch;
  readonly roots?: boolean;
}

/** Puts a server into the user's own file, in place of one of that name; what else stands there stays as it is. */
export async function addServer(home: Home, name: string, { launch, roots }: AddedServer): Promise<void> {
  await edit(home, name, { ...entryOf(launch), ...(roots === true ? { roots } : {}) });
}

/** Enables or disables a server of the user's own file. */
export async function enableServer(home: Home, name: string, enabled: boolean): Promise<void> {
  await edit(home, name, { enabled: undefined, disabled: enabled ? undefined : true }, 'keys');
}

/** Says which tools of a server of the user's own need no approval, and which are never called. */
export async function setToolRules(home: Home, name: string, rules: readonly ToolRule[]): Promise<void> {
  const named = (verdict: ToolRule['verdict']) => {
    const patterns = rules.filter((rule) => rule.verdict === verdict).map(({ pattern }) => pattern);
    return patterns.length === 0 ? undefined : patterns;
  };
  await edit(home, name, { allow: named('allow'), deny: named('deny') }, 'keys');
}

/** Takes a server out of the user's own file. @returns whether it stood there */
export function removeServer(home: Home, name: string): Promise<boolean> {
  return edit(home, name, undefined);
}

/** @param part whether `entry` takes the place of what is there, or only its keys do */
async function edit(
  home: Home,
  name: string,
  entry: object | undefined,
  part: 'whole' | 'keys' = 'whole',
): Promise<boolean> {
  return home.lock(() => {
    const text = home.read(userFileName) ?? '{\n  "mcpServers": {}\n}\n';
    const { servers, faults } = parseConfig(text, home.file(userFileName), 'user');
    const [fault] = faults;
    if (fault !== undefined)
      throw new KosmoError(fault.code, fault.message, { hint: fault.hint, details: { ...fault.details } });
    const known = servers.some((server) => server.name === name);
    if (entry === undefined && !known) return false;
    const table = /"mcpServers"\s*:/.test(text) || !/"servers"\s*:/.test(text) ? 'mcpServers' : 'servers';
    const formattingOptions = { insertSpaces: true, tabSize: 2 };
    const changes: [string[], unknown][] =
      part === 'whole'
        ? [[[table, name], entry]]
        : Object.entries(entry ?? {}).map(([key, value]) => [[table, name, key], value]);
    const written = changes.reduce(
      (before, [path, value]) => applyEdits(before, modify(before, path, value, { formattingOptions })),
      text,
    );
    home.write(userFileName, written);
    return known;
  });
}

function entryOf(launch: Launch): object {
  const entry = usualEntry(launch);
  if (launch.kind === 'stdio' || launch.oauth === undefined) return entry;
  const { port, ...oauth } = launch.oauth;
  return { ...entry, oauth: { ...oauth, ...(port === undefined ? {} : { callbackPort: port }) } };
}

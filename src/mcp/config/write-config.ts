import { applyEdits, modify } from 'jsonc-parser';
import type { Home } from '../../home/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { userFileName } from './config-files.ts';
import { parseConfig } from './read-config.ts';
import type { Launch } from './server-config.ts';

/** Puts a server into the user's own file, in place of one of that name; what else stands there stays as it is. */
export async function addServer(home: Home, name: string, launch: Launch): Promise<void> {
  await edit(home, name, entryOf(launch));
}

/** Takes a server out of the user's own file. @returns whether it stood there */
export function removeServer(home: Home, name: string): Promise<boolean> {
  return edit(home, name, undefined);
}

async function edit(home: Home, name: string, entry: object | undefined): Promise<boolean> {
  return home.lock(() => {
    const text = home.read(userFileName) ?? '{\n  "mcpServers": {}\n}\n';
    const { servers, faults } = parseConfig(text, home.file(userFileName), 'user');
    const [fault] = faults;
    if (fault !== undefined)
      throw new KosmoError(fault.code, fault.message, { hint: fault.hint, details: { ...fault.details } });
    const known = servers.some((server) => server.name === name);
    if (entry === undefined && !known) return false;
    const table = /"mcpServers"\s*:/.test(text) || !/"servers"\s*:/.test(text) ? 'mcpServers' : 'servers';
    const edits = modify(text, [table, name], entry, {
      formattingOptions: { insertSpaces: true, tabSize: 2 },
    });
    home.write(userFileName, applyEdits(text, edits));
    return known;
  });
}

function entryOf(launch: Launch): object {
  if (launch.kind === 'http') {
    const { url, headers, transport } = launch;
    return { type: transport === 'sse' ? 'sse' : 'http', url, ...(isEmpty(headers) ? {} : { headers }) };
  }
  const { command, args, env, cwd } = launch;
  return { command, args, ...(isEmpty(env) ? {} : { env }), ...(cwd === null ? {} : { cwd }) };
}

function isEmpty(table: Readonly<Record<string, string>>): boolean {
  return Object.keys(table).length === 0;
}

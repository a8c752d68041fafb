import type { Integration } from '../../catalog/index.ts';
import type { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { writeWarnings } from '../output.ts';
import { plainText } from '../show/plain-text.ts';

/** What `--servers` takes, in the help of commands. */
export const serversHelp = 'pages for these MCP servers too, which are started: names, or all';

/**
 * The tools of MCP servers that are to have pages.
 * @param wanted names with commas between them, or `all` for those that may run
 * @throws KosmoError for a server that was named and is not to be had; one of all is left out with a warning
 */
export async function toolsOf({ mcp }: Runtime, wanted: string): Promise<Integration[]> {
  const all = wanted.trim() === 'all';
  const names = all
    ? mcp.names()
    : wanted
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '');
  const found = await Promise.all(names.map((name) => mcp.integration(name)));
  return found.flatMap((tools) => {
    if (!('code' in tools)) return [tools];
    if (!all) throw KosmoError.of(tools);
    writeWarnings([plainText(tools.message, false)]);
    return [];
  });
}

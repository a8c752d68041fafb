import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

/** How long a person may take to sign in, in milliseconds. */
const patience = 10 * 60_000;

/** `mcp:login`: signs in to a server with OAuth, in a browser on this machine or elsewhere. */
export const mcpLogin: CommandDefinition = { define: defineLogin, run: logIn };

/** `mcp:logout`: forgets the tokens. */
export const mcpLogout: CommandDefinition = { define: defineLogout, run: logOut };

function defineLogin(): Command {
  return new Command('kosmo mcp:login')
    .summary('signs in to an MCP server that is reached over HTTP and wants it')
    .argument('<server>', 'the server')
    .option('--no-browser', 'print the page; sign in anywhere and paste the address it ends at')
    .option('--scope <scopes>', 'what to ask for, in place of what the server names')
    .addHelpText(
      'after',
      `
A browser opens on the server's own page and comes back to this machine. Tokens are
kept encrypted and renewed when they end. $BROWSER names another program that opens
pages. Without a browser here: sign in elsewhere; the address the browser ends at
(http://127.0.0.1…, which it cannot open) holds a code. Paste it.

Examples:
  kosmo mcp:login tracker
  kosmo mcp:login tracker --no-browser
`,
    );
}

async function logIn({ args: [server = ''], command }: Invocation): Promise<number> {
  const { browser, scope } = command.opts<{ browser: boolean; scope?: string }>();
  const { mcp } = new Runtime({ command: 'mcp:login' });
  // An answer that is piped in is read where nobody opens a browser.
  const canPaste = !browser || process.stdin.isTTY;
  const failed = await mcp.login(server, {
    patience,
    ...(scope === undefined ? {} : { scope }),
    show: (page) => {
      const words = browser ? 'Sign in on this page, if it has not opened:' : 'Sign in on this page:';
      process.stderr.write(`${words}\n${page.href}\n`);
      if (browser) openBrowser(page.href);
    },
    paste: canPaste ? askForAddress : null,
  });
  if (failed !== null) throw KosmoError.of(failed);
  await writeOut(`Signed in to ${server}.\n`);
  return 0;
}

async function askForAddress(): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question('Or paste the address that the browser ends at: ');
  } finally {
    terminal.close();
  }
}

/** The page is printed as well: that no browser opens is no fault. */
function openBrowser(page: string): void {
  const { BROWSER } = process.env;
  const standard = { darwin: 'open', win32: 'explorer' } as Partial<Record<NodeJS.Platform, string>>;
  const program = BROWSER || standard[process.platform] || 'xdg-open';
  spawn(program, [page], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

function defineLogout(): Command {
  return new Command('kosmo mcp:logout')
    .summary('forgets the sign-in to an MCP server')
    .argument('<server>', 'the server')
    .addHelpText('after', '\nExamples:\n  kosmo mcp:logout tracker\n');
}

async function logOut({ args: [server = ''] }: Invocation): Promise<number> {
  const { mcp } = new Runtime({ command: 'mcp:logout' });
  const known = await mcp.logout(server);
  if (typeof known !== 'boolean') throw KosmoError.of(known);
  await writeOut(known ? `Signed out of ${server}.\n` : `Nobody had signed in to ${server}.\n`);
  return 0;
}

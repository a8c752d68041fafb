import { randomBytes } from 'node:crypto';
import type { Home } from '../../home/index.ts';
import { KosmoError } from '../../support/errors.ts';

/** The variable a token can come from, and the file in the home it is kept in otherwise. */
export const tokenVariable = 'KOSMO_MCP_TOKEN';
const tokenFile = 'mcp-token';

const shortest = 16;

/** What a client must bring to a gateway over HTTP. */
export interface GatewayToken {
  readonly token: string;
  /** Where it is kept; null for one that came from the environment. */
  readonly file: string | null;
}

/**
 * The token of a home's gateways: from `KOSMO_MCP_TOKEN`, else one that is made once and kept in a file open to nobody
 * else, so that what stands in clients' settings holds when a gateway is started anew.
 * @throws KosmoError `usage` for one that is too short, `home_unusable`
 */
export async function gatewayToken(
  home: Home,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<GatewayToken> {
  const given = environment[tokenVariable] ?? '';
  if (given !== '') {
    if (given.length < shortest || /\s/.test(given)) {
      throw new KosmoError(
        'usage',
        `${tokenVariable} needs ${shortest} characters at least, and no blanks.`,
        {
          hint: 'openssl rand -hex 32 makes a good one.',
        },
      );
    }
    return { token: given, file: null };
  }
  const file = home.file(tokenFile);
  const token = await home.lock(() => {
    const there = home.read(tokenFile)?.trim() ?? '';
    if (there.length >= shortest) return there;
    const made = randomBytes(32).toString('base64url');
    home.write(tokenFile, `${made}\n`);
    return made;
  });
  return { token, file };
}

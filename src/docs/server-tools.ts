import type { Integration } from '../catalog/index.ts';
import type { Failure } from '../support/errors.ts';

/** How long a search waits for servers that have not been asked for their tools yet, in milliseconds. */
const patience = 3_000;
/** How much is said of why, in characters. */
const reasonLength = 160;

/** An MCP server whose tools a search has left out. */
export interface Unsearched {
  readonly server: string;
  readonly reason: string;
}

/** A server's tools, when they are to be had soon; else why a search does without them. */
export async function toolsSoon(
  server: string,
  integration: Promise<Integration | Failure>,
): Promise<Integration | Unsearched> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Unsearched>((done) => {
    const reason = `it has not told its tools within ${patience / 1000} s`;
    timer = setTimeout(() => done({ server, reason }), patience);
  });
  try {
    const found = await Promise.race([integration, late]);
    return 'code' in found ? { server, reason: shortened(found.message) } : found;
  } finally {
    clearTimeout(timer);
  }
}

function shortened(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim();
  return line.length > reasonLength ? `${line.slice(0, reasonLength - 1)}…` : line;
}

import { randomUUID } from 'node:crypto';
import { isInitializeRequest, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import type { Gateway } from './gateway.ts';
import { createGatewayServer } from './server.ts';

/** How many clients of older revisions are known at a time; whoever was quiet longest goes first. */
const mostSessions = 100;
/** How long a client may be quiet, in milliseconds. */
const lifetime = 60 * 60 * 1000;

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly close: () => Promise<void>;
  used: number;
}

/**
 * Clients of revisions before 2026-07-28 over HTTP. A session is how they call a run off and are asked something; it
 * holds nothing else, so that a client whose session is gone (the gateway was started anew) is answered all the same,
 * without one.
 */
export class Sessions {
  readonly #gateway: Gateway;
  readonly #sessions = new Map<string, Session>();

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** Answers a request that belongs to a session or begins one; null for one that stands alone. */
  async answer(request: Request): Promise<Response | null> {
    const id = request.headers.get('mcp-session-id');
    if (id === null) return (await beginsSession(request)) ? this.#begin(request) : null;
    const session = this.#sessions.get(id);
    if (session === undefined) return null;
    session.used = Date.now();
    return session.transport.handleRequest(request);
  }

  async close(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(sessions.map((session) => session.close()));
  }

  async #begin(request: Request): Promise<Response> {
    await this.#makeRoom();
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        this.#sessions.set(id, { transport, close: () => server.close(), used: Date.now() });
      },
      onsessionclosed: (id) => {
        this.#sessions.delete(id);
      },
    });
    const server = createGatewayServer(this.#gateway, { isChild: false });
    await server.connect(transport);
    return transport.handleRequest(request);
  }

  async #makeRoom(): Promise<void> {
    const oldest = [...this.#sessions].sort(([, a], [, b]) => a.used - b.used);
    const tooMany = Math.max(0, oldest.length - mostSessions + 1);
    const gone = oldest.filter(([, { used }], index) => index < tooMany || Date.now() - used > lifetime);
    for (const [id] of gone) this.#sessions.delete(id);
    await Promise.all(gone.map(([, session]) => session.close()));
  }
}

/** Whether a request is an older client's first. Its body stays to be read. */
async function beginsSession(request: Request): Promise<boolean> {
  if (request.method !== 'POST') return false;
  try {
    return isInitializeRequest(await request.clone().json());
  } catch {
    return false;
  }
}

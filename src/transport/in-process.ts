import type { Transport } from '../call/index.ts';

/** A server that answers in this process, without a socket. It rejects where a connection would break. */
export interface RequestHandler {
  handle(request: {
    method: string;
    /** With the query. */
    path: string;
    headers: Readonly<Record<string, string>>;
    body: string | null;
  }): Promise<{ status: number; headers: Readonly<Record<string, string>>; body: string }>;
}

/** Hands requests to a server in this process. The host of their URL is of no account. */
export function createInProcessTransport(server: RequestHandler): Transport {
  return {
    async send({ method, url, headers, body }) {
      const { pathname, search } = new URL(url);
      try {
        const text = body === null || typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
        return await server.handle({ method, path: pathname + search, headers, body: text });
      } catch (error) {
        return { failed: 'lost', reason: error instanceof Error ? error.message : String(error), head: null };
      }
    },
  };
}

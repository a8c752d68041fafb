import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { KosmoError, systemErrorCode } from '../../support/errors.ts';
import { createDoor, isLoopback } from './door.ts';
import type { Gateway } from './gateway.ts';
import { createGatewayServer } from './server.ts';
import { Sessions } from './sessions.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** What a client must bring; null asks for nothing, which only loopback addresses may. */
  readonly token: string | null;
  /** Names besides the address by which the gateway may be called: `gateway.example.com`. */
  readonly names: readonly string[];
}

/** A gateway that accepts requests. */
export interface ListeningGateway {
  /** `http://127.0.0.1:4110/mcp` */
  readonly url: string;
  /** Ends what runs, waits for it, and stops. */
  close(): Promise<void>;
}

/** The one path there is. */
const path = '/mcp';

/**
 * Serves a gateway over HTTP: clients of the newest revision, each of whose requests stands alone, and those of older
 * ones at the same address.
 * @throws KosmoError `port_in_use`; `usage` when an address others can reach is to be open to everybody
 */
export async function listenGateway(gateway: Gateway, options: HttpOptions): Promise<ListeningGateway> {
  const { host, port, token, names } = options;
  if (token === null && !isLoopback(host)) {
    throw new KosmoError('usage', `${host} can be reached from other machines, so that a token is needed.`);
  }
  const pass = createDoor({ host, token, names });
  const handler = createMcpHandler(() => createGatewayServer(gateway, { isChild: false }));
  const sessions = new Sessions(gateway);
  const answer = async (request: Request): Promise<Response> => {
    const refused = pass(request);
    if (refused !== null) return refused;
    if (new URL(request.url).pathname !== path) return new Response(`MCP is at ${path}\n`, { status: 404 });
    if (await isLegacyRequest(request)) {
      const answered = await sessions.answer(request);
      if (answered !== null) return answered;
    }
    return handler.fetch(request);
  };
  const listener = getRequestListener(
    (request) =>
      // A client that has gone away is told nothing.
      answer(request).catch(() => new Response(null, { status: request.signal.aborted ? 499 : 500 })),
    { overrideGlobalObjects: false },
  );
  const http = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error) => reject(listeningError(error, host, port)));
    http.listen(port, host, resolve);
  });
  const address = http.address() as AddressInfo;
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${shown}:${address.port}${path}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      await Promise.all([handler.close(), sessions.close()]);
      http.closeAllConnections();
      await closed;
      await gateway.idle();
    },
  };
}

function listeningError(error: unknown, host: string, port: number): unknown {
  const code = systemErrorCode(error);
  if (code === null) return error;
  const message =
    code === 'EADDRINUSE'
      ? `Another program listens on ${host}:${port}.`
      : `${host}:${port} cannot be listened on (${code}).`;
  return new KosmoError('port_in_use', message, { details: { hostname: host, port } });
}

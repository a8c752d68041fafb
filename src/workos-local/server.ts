import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KosmoError, systemErrorCode } from '../support/errors.ts';
import type { LocalServer } from './app.ts';
import { enterServer, leaveServer } from './control/servers.ts';
import { keepSwept } from './control/sweep.ts';
import type { LocalRequest, LocalResponse } from './dispatch.ts';
import type { ApiErrorBody } from './kit/errors.ts';
import { randomToken } from './kit/random.ts';

/** A local server that accepts connections. */
export interface Listening {
  /** Without a slash at its end: `http://127.0.0.1:4100`. */
  readonly url: string;
  /** Answers what has been asked, then stops. The local server itself stays open. */
  close(): Promise<void>;
}

/** How large a body may be, in bytes. WorkOS's objects are a few kilobytes. */
const largestBody = 1024 * 1024;
/** The same for what controls the server: a whole state may come. */
const largestControlBody = 256 * 1024 * 1024;

/**
 * How long a connection may wait for its next request, in milliseconds. With Node.js's own five seconds a busy machine
 * would now and then end one just as a client uses it again, which then cannot know whether its request was done.
 */
const longestIdle = 55_000;

/**
 * Gives a local server a socket, and lets it send its webhooks until it is closed.
 *
 * @param where port 0 takes any free one
 * @throws KosmoError `port_in_use` when something listens there or the port may not be taken
 */
export async function listen(
  server: LocalServer,
  where: { readonly port: number; readonly hostname?: string },
): Promise<Listening> {
  const { port, hostname = '127.0.0.1' } = where;
  let ownUrl = '';
  const http = createServer((request, response) => {
    void respond(server, request, response, ownUrl);
  });
  http.keepAliveTimeout = longestIdle;
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error) => reject(listeningError(error, hostname, port)));
    http.listen(port, hostname, resolve);
  });
  // Somebody stays here to do it; what a short run queued before is sent now.
  server.webhooks.watch();
  const address = http.address() as AddressInfo;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  ownUrl = `http://${host}:${address.port}`;
  enterServer(server.host.database, ownUrl);
  const stopSweeping = keepSwept(server.host);
  return {
    url: ownUrl,
    close: async () => {
      leaveServer(server.host.database, ownUrl);
      stopSweeping();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeIdleConnections();
      });
      await server.webhooks.stop();
    },
  };
}

function listeningError(error: unknown, hostname: string, port: number): unknown {
  const code = systemErrorCode(error);
  if (code === 'EADDRINUSE') {
    return new KosmoError('port_in_use', `Another program listens on ${hostname}:${port}.`, {
      details: { hostname, port },
    });
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    return new KosmoError('port_in_use', `${hostname}:${port} cannot be listened on (${code}).`, {
      details: { hostname, port },
    });
  }
  return error;
}

async function respond(
  server: LocalServer,
  request: IncomingMessage,
  response: ServerResponse,
  ownUrl: string,
): Promise<void> {
  try {
    const isControl = request.url?.startsWith('/_local/api/') === true;
    const isRemote = !isLoopback(request.socket.remoteAddress);
    const body = await readBody(request, isControl && !isRemote ? largestControlBody : largestBody);
    if (body === null) {
      const tooLarge: ApiErrorBody = { message: 'The body is larger than 1 MiB.', code: 'body_too_large' };
      response.writeHead(413, {
        'content-type': 'application/json',
        connection: 'close',
        'x-request-id': `req_${randomToken(server.host.random, 24)}`,
      });
      response.end(JSON.stringify(tooLarge));
      return;
    }
    const answer = await logged(server, {
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: single(request.headers),
      body,
      baseUrl: baseUrlOf(request, ownUrl),
      isRemote,
    });
    const { cookies = [] } = answer;
    if (cookies.length > 0) response.setHeader('set-cookie', [...cookies]);
    response.writeHead(answer.status, answer.headers);
    response.end(answer.bytes ?? answer.body);
  } catch {
    // The connection broke while its body was on the way, or a fault breaks it now.
    response.destroy();
  }
}

/** Answers a request and keeps both for the console, which itself is left out. */
async function logged(server: LocalServer, request: LocalRequest): Promise<LocalResponse> {
  const { requests } = server.host;
  if (requests === null || /^\/_(?:local|pages)\b/.test(request.path)) return server.handle(request);
  const started = performance.now();
  try {
    const answer = await server.handle(request);
    requests.add(request, answer, started);
    return answer;
  } catch (error) {
    requests.add(request, null, started);
    throw error;
  }
}

const hostHeader = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** Where the caller believes the server is: in a container, behind a name, that is what its links must say. */
function baseUrlOf(request: IncomingMessage, ownUrl: string): string {
  const { host } = request.headers;
  return host !== undefined && hostHeader.test(host) ? `http://${host}` : ownUrl;
}

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}

/** The whole body as text; null when it is too large. By events: an async iterator costs more than the rest of this. */
function readBody(request: IncomingMessage, largest: number): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= largest) return void parts.push(part);
      request.pause();
      resolve(null);
    });
    request.once('end', () => resolve(Buffer.concat(parts).toString('utf8')));
    request.once('error', reject);
    // A connection that breaks off is no error of the request everywhere.
    request.once('close', () => reject(new Error('The connection broke.')));
  });
}

function single(headers: IncomingHttpHeaders): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) values[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return values;
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What an authorization server sends a browser back with. */
export type Callback = URLSearchParams;

/** Waits on this machine for a browser to come back from an authorization server (RFC 8252, 7.3). */
export class Loopback {
  readonly #server: Server;
  readonly #callback: Promise<Callback>;

  private constructor(server: Server, callback: Promise<Callback>) {
    this.#server = server;
    this.#callback = callback;
  }

  /** @param port one that is wanted; another is taken when it is in use */
  static async open(port: number): Promise<Loopback> {
    let arrived: (callback: Callback) => void = () => undefined;
    const callback = new Promise<Callback>((resolve) => {
      arrived = resolve;
    });
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      response.setHeader('content-type', 'text/plain; charset=utf-8');
      response.setHeader('connection', 'close');
      if (url.pathname !== '/callback') {
        response.writeHead(404).end('Nothing is here.\n');
        return;
      }
      const failed = url.searchParams.has('error');
      response.end(
        failed
          ? 'You were not signed in; the terminal says why.\n'
          : 'You are back in kosmo: the terminal goes on, and this page can be closed.\n',
      );
      arrived(url.searchParams);
    });
    await listen(server, port).catch(() => listen(server, 0));
    return new Loopback(server, callback);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** What the browser comes back with, once. */
  callback(): Promise<Callback> {
    return this.#callback;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

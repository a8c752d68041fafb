import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A server of bare sockets, which can answer as no HTTP server would. */
export class RawServer {
  /** How many requests have come. */
  requests = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(answer: (socket: Socket, request: string, nth: number) => void) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        this.requests += 1;
        answer(socket, bytes.toString(), this.requests);
      });
    });
  }

  /** @param answer called with what a client has sent, and which request of the server's life it is */
  static async open(answer: (socket: Socket, request: string, nth: number) => void): Promise<RawServer> {
    const made = new RawServer(answer);
    made.#server.listen(0, '127.0.0.1');
    await once(made.#server, 'listening');
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

/** An answer with a body, as it goes over the line. */
export function plainAnswer(
  body: string,
  head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json',
): string {
  return `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

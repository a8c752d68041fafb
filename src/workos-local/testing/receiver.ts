import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from './local-client.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came. */
  readonly text: string;
  readonly event: Json;
}

/** An application's webhook endpoints: keeps what it gets, and answers what the test says. */
export class Receiver {
  readonly received: Received[] = [];
  /** What the next requests are answered with, by path; 200 when nothing is said, null for no answer at all. */
  answers: (path: string) => number | null = () => 200;
  readonly #server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      const path = request.url ?? '';
      this.received.push({ path, headers: request.headers, text, event: JSON.parse(text) });
      const status = this.answers(path);
      if (status !== null) response.writeHead(status, { location: '/elsewhere' }).end(`answer ${status}`);
      this.#wake?.();
    });
  });
  #wake: (() => void) | null = null;

  static async open(): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve) => {
      receiver.#server.listen(0, '127.0.0.1', resolve);
    });
    return receiver;
  }

  /** @param path tells endpoints of one application apart */
  url(path = '/'): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  /** The names of what came, in order. */
  names(path = '/'): string[] {
    return this.received.filter((one) => one.path === path).map(({ event }) => event.event);
  }

  /** Waits until this much has come. */
  async until(count: number): Promise<void> {
    while (this.received.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}

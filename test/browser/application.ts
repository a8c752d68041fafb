import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { type Listening, listen } from '../../src/workos-local/server.ts';
import { FileClient } from '../../src/workos-local/testing/file-client.ts';

/** A local server with its seed data, and the application that people sign in to by it. */
export interface Application {
  readonly client: FileClient;
  readonly listening: Listening;
  /** Where the application is; it shows where it was sent. Its `/callback` is registered. */
  readonly home: string;
  /** What the application was told, once a browser is back at it. */
  told(page: Page, path?: string): Promise<URLSearchParams>;
  close(): Promise<void>;
}

export async function openApplication(): Promise<Application> {
  const client = FileClient.open();
  const listening = await listen(client.server, { port: 0 });
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(`The application at ${request.url ?? ''}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await client.post('/user_management/redirect_uris', { uri: `${home}/callback` });
  return {
    client,
    listening,
    home,
    async told(page, path = '/callback') {
      await page.waitForURL(`${home}${path}**`);
      return new URL(page.url()).searchParams;
    },
    async close() {
      await new Promise((resolve) => server.close(resolve));
      await listening.close();
      client.close();
    },
  };
}

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createSocketServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Environment } from './dispatcher.ts';
import { createHttpTransport } from './http.ts';
import type { HttpLimits } from './limits.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

const transport = async (limits: Partial<HttpLimits> = {}, environment: Environment = {}) => {
  const made = await createHttpTransport({ environment, limits });
  open.push(made);
  return made;
};
const listen = async (listener: RequestListener): Promise<string> => {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => server.closeAllConnections() ?? server.close() });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const get = (url: string) => ({ method: 'GET', url, headers: { accept: 'application/json' }, body: null });
const never = new AbortController().signal;

describe('the HTTP transport', () => {
  it('sends method, path, headers and body, and gives back what was answered', async () => {
    const url = await listen((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        response.writeHead(201, { 'x-request-id': 'req_1', 'set-cookie': ['a=1', 'b=2'] });
        response.end(
          JSON.stringify({
            method: request.method,
            url: request.url,
            type: request.headers['content-type'],
            body,
          }),
        );
      });
    });
    const headers = { 'content-type': 'application/json' };
    const answer = await (await transport()).send(
      { method: 'POST', url: `${url}/a%2Fb?c=d%20e`, headers, body: '{"ü":1}' },
      never,
    );
    expect(answer).toMatchObject({
      status: 201,
      headers: { 'x-request-id': 'req_1', 'set-cookie': 'a=1, b=2' },
    });
    expect(JSON.parse('body' in answer ? answer.body : '')).toEqual({
      method: 'POST',
      url: '/a%2Fb?c=d%20e',
      type: 'application/json',
      body: '{"ü":1}',
    });
  });

  it('does not follow redirects', async () => {
    const url = await listen((_, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect(await (await transport()).send(get(url), never)).toMatchObject({
      status: 302,
      headers: { location: '/elsewhere' },
    });
  });

  it('tells a server that is not there from one that broke off', async () => {
    const gone = await listen(() => undefined);
    await open.pop()?.close();
    expect(await (await transport()).send(get(gone), never)).toEqual({
      failed: 'unreachable',
      reason: 'the connection was refused',
      lasting: false,
    });
    const breaking = await listen((request) => request.socket.destroy());
    expect(await (await transport()).send(get(breaking), never)).toMatchObject({ failed: 'lost' });
    const short = await listen((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      response.socket?.end();
    });
    expect(await (await transport()).send(get(short), never)).toMatchObject({ failed: 'lost' });
  });

  it('calls an answer that is no HTTP unreadable', async () => {
    const server = createSocketServer((socket) => socket.end('hello\r\n\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(server);
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await (await transport()).send(get(url), never)).toMatchObject({
      failed: 'unreadable',
      reason: 'it is not HTTP',
    });
  });

  it('gives up when the run ends', async () => {
    const url = await listen(() => undefined);
    const controller = new AbortController();
    const answer = (await transport()).send(get(url), controller.signal);
    setTimeout(() => controller.abort(), 20);
    expect(await answer).toMatchObject({ failed: 'cancelled', sent: true });
  });

  it('refuses an answer past its size limit', async () => {
    const url = await listen((_, response) => {
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      const pump = () => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', pump);
      };
      pump();
    });
    expect(await (await transport()).send(get(url), never)).toMatchObject({ failed: 'too_large' });
  });
});

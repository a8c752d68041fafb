import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Environment } from './dispatcher.ts';
import { createHttpTransport } from './http.ts';

const fixtures = join(import.meta.dirname, '../../test/fixtures/tls');
const authority = join(fixtures, 'authority.pem');
const never = new AbortController().signal;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({ close: () => server.closeAllConnections() ?? server.close() });
  return (server.address() as AddressInfo).port;
}
const hello: RequestListener = (_, response) => response.end('"hello"');
const plainServer = async () => `http://127.0.0.1:${await listen(createHttpServer(hello))}/`;
const secureServer = async () => {
  const key = readFileSync(join(fixtures, 'localhost.key'));
  const cert = readFileSync(join(fixtures, 'localhost.pem'));
  return `https://localhost:${await listen(createHttpsServer({ key, cert }, hello))}/`;
};

async function get(url: string, environment: Environment) {
  const transport = await createHttpTransport({ environment });
  open.push(transport);
  return transport.send({ method: 'GET', url, headers: {}, body: null }, never);
}
const refusal = (environment: Environment) =>
  createHttpTransport({ environment }).then(
    () => null,
    (error: unknown) => (error as { failure: unknown }).failure,
  );

describe('TLS', () => {
  it('is verified, also where Node.js was told not to', async () => {
    const url = await secureServer();
    const failed = {
      failed: 'unreachable',
      reason: 'its certificate is signed by nobody this machine trusts',
      lasting: true,
    };
    expect(await get(url, {})).toEqual(failed);
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await get(url, {})).toEqual(failed);
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });

  it('trusts the certificates of KOSMO_CA_FILE besides, and still asks for the right name', async () => {
    const url = await secureServer();
    expect(await get(url, { KOSMO_CA_FILE: authority })).toMatchObject({ status: 200, body: '"hello"' });
    expect(await get(url.replace('localhost', '127.0.0.2'), { KOSMO_CA_FILE: authority })).toMatchObject({
      failed: 'unreachable',
    });
    expect(
      await get(url, { KOSMO_CA_FILE: join(fixtures, 'localhost.pem'), NODE_EXTRA_CA_CERTS: authority }),
    ).toMatchObject({ status: 200 });
  });

  it('says so when the file of certificates cannot be used', async () => {
    const file = join(tmpdir(), `kosmo-no-certificate-${process.pid}.pem`);
    writeFileSync(file, 'nothing');
    expect(await refusal({ KOSMO_CA_FILE: file })).toMatchObject({
      code: 'settings_invalid',
      message: `KOSMO_CA_FILE names ${file}, but it holds no certificate in PEM form.`,
    });
    expect(await refusal({ KOSMO_CA_FILE: '/nowhere/ca.pem' })).toMatchObject({
      code: 'settings_invalid',
      message: 'KOSMO_CA_FILE names /nowhere/ca.pem, but it cannot be read (ENOENT).',
    });
  });
});

describe('a proxy of the environment', () => {
  /** A proxy that notes what it was asked for. */
  async function proxy(allowed = true) {
    const asked: { target: string; authorization: string | undefined }[] = [];
    const server = createHttpServer();
    server.on('connect', (request, socket) => {
      const target = request.url ?? '';
      asked.push({ target, authorization: request.headers['proxy-authorization'] });
      if (!allowed) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      const [host = '', port = ''] = target.split(':');
      const upstream = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      for (const side of [socket, upstream]) side.on('error', () => side.destroy());
      return open.push({ close: () => upstream.destroy() });
    });
    return { asked, port: await listen(server) };
  }

  it('is used for what it is named for, with its password', async () => {
    const { asked, port } = await proxy();
    const environment = { HTTP_PROXY: `http://user:pass%40word@127.0.0.1:${port}` };
    const plain = await plainServer();
    expect(await get(plain, environment)).toMatchObject({ status: 200 });
    const secure = await secureServer();
    expect(await get(secure, { https_proxy: `127.0.0.1:${port}`, KOSMO_CA_FILE: authority })).toMatchObject({
      status: 200,
    });
    expect(asked).toEqual([
      { target: new URL(plain).host, authorization: `Basic ${btoa('user:pass@word')}` },
      { target: new URL(secure).host, authorization: undefined },
    ]);
  });

  it('is passed by for the hosts of NO_PROXY, and where its variable is empty', async () => {
    const { asked, port } = await proxy();
    const plain = await plainServer();
    const named = `http://127.0.0.1:${port}`;
    expect(await get(plain, { HTTP_PROXY: named, NO_PROXY: 'example.com,127.0.0.1' })).toMatchObject({
      status: 200,
    });
    expect(await get(plain, { HTTP_PROXY: '', HTTPS_PROXY: named })).toMatchObject({ status: 200 });
    expect(asked).toEqual([]);
  });

  it('that cannot be reached, or refuses, is told of without its password', async () => {
    const { port } = await proxy();
    await open.pop()?.close();
    const environment = { http_proxy: `http://user:password@127.0.0.1:${port}` };
    expect(await get('http://api.test/', environment)).toEqual({
      failed: 'unreachable',
      reason: 'the connection was refused (http_proxy names a proxy)',
      lasting: false,
    });
    const refusing = await proxy(false);
    expect(
      await get('http://api.test/', { HTTP_PROXY: `http://user:password@127.0.0.1:${refusing.port}` }),
    ).toEqual({
      failed: 'unreachable',
      reason: 'the proxy would not connect to it (HTTP_PROXY names a proxy)',
      lasting: true,
    });
  });

  it('must be an address, which is not repeated', async () => {
    for (const value of ['socks4://user:password@host', 'http://user:password@ho st']) {
      const error = await refusal({ HTTPS_PROXY: value });
      expect(error).toMatchObject({
        code: 'settings_invalid',
        message: 'HTTPS_PROXY is not the address of a proxy.',
      });
      expect(JSON.stringify(error)).not.toContain('password');
    }
  });
});

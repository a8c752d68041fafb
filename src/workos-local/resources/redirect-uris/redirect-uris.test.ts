import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalClient } from '../../testing/local-client.ts';
import { isOnSiteOf, matchesRedirectUri, parseRedirectUri } from './redirect-uri.ts';

let client: LocalClient;
beforeAll(() => {
  client = new LocalClient({ autoEnvironments: true });
});
afterAll(() => {
  client.server.close();
});
const key = 'sk_test_redirects';
const create = (uri: string) => client.post('/user_management/redirect_uris', { uri }, { key });

describe('redirect URIs', () => {
  it('are registered once; the first without a wildcard is the default', async () => {
    expect((await create('http://localhost:*/callback')).body).toMatchObject({ default: false });
    const { status, body } = await create('https://app.example/callback');
    expect(status).toBe(201);
    expect(body).toMatchObject({
      object: 'redirect_uri',
      uri: 'https://app.example/callback',
      default: true,
    });
    expect(body.id).toMatch(/^ruri_01/);
    expect((await create('https://app.example/other')).body.default).toBe(false);
    expect(await create('https://app.example/callback')).toMatchObject({
      status: 422,
      body: { message: "Redirect URI 'https://app.example/callback' already exists." },
    });
  });

  it.each([
    'callback',
    '/callback',
    'https://',
    'https://app.example/#part',
    'https://user@app.example/',
    'https://app.example/*',
    'https://app.*.example/',
    'https://*.example/',
    'https://*.*.app.example/',
    'https://app.example:*/',
    'javascript://x.example/%0aalert(1)',
    'data://text/html',
    'https://app .example/',
  ])('cannot be %s', async (uri) => {
    expect((await create(uri)).status).toBe(422);
  });

  it.each([
    ['https://app.example/cb', 'https://app.example/cb', true],
    ['https://app.example/cb', 'https://app.example/cb/', false],
    ['https://app.example/cb', 'https://app.example/cb?x=1', false],
    ['https://app.example/cb', 'https://APP.example/cb', false],
    ['http://localhost:*/cb', 'http://localhost:3000/cb', true],
    ['http://localhost:*/cb', 'http://localhost/cb', true],
    ['http://localhost:*/cb', 'http://localhost:3000/other', false],
    ['http://localhost:*/cb', 'https://localhost:3000/cb', false],
    ['http://localhost:*/cb', 'http://localhost.evil.example:3000/cb', false],
    ['https://*.app.example/cb', 'https://a-1_b.app.example/cb', true],
    ['https://*.app.example/cb', 'https://a.b.app.example/cb', false],
    ['https://*.app.example/cb', 'https://app.example/cb', false],
    ['https://*.app.example/cb', 'https://evil.example/.app.example/cb', false],
    ['https://pre-*-post.app.example/cb', 'https://pre-x-post.app.example/cb', true],
    ['https://pre-*-post.app.example/cb', 'https://pre-post.app.example/cb', false],
    ['https://*.app.example/cb', 'https://*.app.example/cb', true],
    ['myapp://callback', 'myapp://callback', true],
  ])('%s and %s: %s', (registered, uri, matches) => {
    expect(typeof parseRedirectUri(registered)).toBe('object');
    expect(matchesRedirectUri(registered, uri)).toBe(matches);
  });

  it('are on a site that any of its pages is on', () => {
    expect(isOnSiteOf('https://app.example/cb', 'https://app.example/bye?x=1')).toBe(true);
    expect(isOnSiteOf('https://app.example/cb', 'https://app.example:8443/bye')).toBe(false);
    expect(isOnSiteOf('https://app.example/cb', 'https://app.example.evil/bye')).toBe(false);
    expect(isOnSiteOf('https://app.example/cb', 'https://app.example\\@evil.example/')).toBe(false);
  });
});

describe('CORS origins', () => {
  const add = (origin: string) => client.post('/user_management/cors_origins', { origin }, { key });

  it('are kept as browsers send them, once', async () => {
    expect(await add('https://App.example/')).toMatchObject({
      status: 201,
      body: { object: 'cors_origin', origin: 'https://app.example' },
    });
    expect(await add('https://app.example:443')).toMatchObject({
      status: 409,
      body: { code: 'duplicate_cors_origin' },
    });
    for (const odd of [
      'app.example',
      'ftp://app.example',
      'https://app.example/path',
      'null',
      '*',
      'https://u@a.example',
    ]) {
      expect((await add(odd)).status).toBe(422);
    }
  });

  it('let the pages of an origin call the API from a browser, also when it refuses', async () => {
    await add('https://pages.example');
    const ask = (origin: string, method = 'POST') =>
      client.server.handle({
        method: 'OPTIONS',
        path: '/user_management/authenticate',
        headers: {
          origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'content-type',
        },
        body: null,
      });
    const leave = await ask('https://pages.example');
    expect([leave.status, leave.headers]).toMatchObject([
      204,
      {
        'access-control-allow-origin': 'https://pages.example',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'content-type',
        vary: 'origin',
      },
    ]);
    expect((await ask('https://evil.example')).headers).not.toHaveProperty('access-control-allow-origin');
    expect((await ask('https://pages.example', 'DELETE')).status).toBe(404);
    const call = (origin: string) =>
      client.post('/user_management/authenticate', {}, { key: null, headers: { origin } });
    const refused = await call('https://pages.example');
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([
      422,
      'https://pages.example',
    ]);
    expect((await call('https://evil.example')).headers).not.toHaveProperty('access-control-allow-origin');
    const page = await client.server.handle({
      method: 'GET',
      path: '/device',
      headers: { origin: 'https://pages.example' },
      body: null,
    });
    expect([page.status, page.headers['access-control-allow-origin']]).toEqual([200, undefined]);
  });
});

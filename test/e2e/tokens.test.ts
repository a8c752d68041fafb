import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileManifest } from '../../src/manifest/compile.ts';
import { writeManifest } from '../../src/manifest/store.ts';
import { answerJson, Kosmo, type Received, TestApi } from './kosmo.ts';

/** An API with a token server on the same port, whose refresh tokens may be used once. */
let api: TestApi;
let kosmo: Kosmo;
let granted: URLSearchParams[];
let refreshTokens: Set<string>;
let lasts: number;
let revoked: Set<string>;
let refusal: { error: string; error_description?: string } | null;

beforeEach(async () => {
  granted = [];
  refreshTokens = new Set(['refresh_0']);
  lasts = 3600;
  refusal = null;
  revoked = new Set();
  api = await TestApi.open((request, response) => {
    if (request.url !== '/token' && revoked.has(request.headers.authorization ?? '')) {
      answerJson(response, 401, { message: 'That token was taken back.' });
      return;
    }
    if (request.url !== '/token') {
      answerJson(response, 200, { entries: [], by: request.headers.authorization ?? null });
      return;
    }
    const form = new URLSearchParams(request.body);
    const used = form.get('refresh_token');
    granted.push(form);
    if (refusal !== null || (used !== null && !refreshTokens.delete(used))) {
      answerJson(response, 400, refusal ?? { error: 'invalid_grant' });
      return;
    }
    const number = granted.length;
    const next = used === null ? {} : { refresh_token: `refresh_${number}` };
    refreshTokens.add(`refresh_${number}`);
    // Long enough for a second process to come and find the first one asking.
    setTimeout(
      () =>
        answerJson(response, 200, {
          access_token: `access_${number}`,
          token_type: 'Bearer',
          expires_in: lasts,
          ...next,
        }),
      300,
    );
  });
  kosmo = new Kosmo();
  install();
});
afterEach(() => {
  api.close();
  kosmo.remove();
});

/** Installs an API whose document asks for OAuth, as an integration of the home. */
function install(): void {
  const content = {
    openapi: '3.1.0',
    info: { title: 'Ledger', version: '1' },
    servers: [{ url: api.url }],
    security: [{ oauth: [] }],
    components: {
      securitySchemes: {
        oauth: { type: 'oauth2', flows: { clientCredentials: { tokenUrl: `${api.url}/token`, scopes: {} } } },
      },
    },
    paths: {
      '/entries': {
        get: {
          operationId: 'listEntries',
          summary: 'List entries',
          responses: { 200: { description: 'OK' } },
        },
      },
    },
  };
  const document = { content, location: 'ledger.json', version: '1', sha256: '' };
  writeManifest(
    join(kosmo.home, 'kosmo/integrations/ledger'),
    compileManifest('ledger', document, content, []),
  );
}

const configure = async (values: Record<string, string>) => {
  const args = ['integrations:configure', 'ledger', '--stdin-json'];
  const { status, stderr } = await kosmo.run(args, JSON.stringify(values));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
};
const run = () => kosmo.lua('return app.integrations.ledger.list_entries{}.by');
const tokensUsed = () =>
  api.received.filter(({ url }: Received) => url === '/entries').map(({ headers }) => headers.authorization);

describe('client credentials', () => {
  it('get a token that later runs use too, until it expires', async () => {
    await configure({ client_id: 'client_1', client_secret: 'secret of the client', scope: 'entries:read' });
    expect(await run()).toMatchObject({ success: true });
    await run();
    expect(tokensUsed()).toEqual(['Bearer access_1', 'Bearer access_1']);
    expect(Object.fromEntries(granted[0] ?? [])).toEqual({
      grant_type: 'client_credentials',
      scope: 'entries:read',
    });
    const [asked] = api.received.filter(({ url }) => url === '/token');
    const proof = Buffer.from(asked?.headers.authorization?.split(' ')[1] ?? '', 'base64').toString();
    expect(proof.split(':').map((part) => decodeURIComponent(part.replaceAll('+', ' ')))).toEqual([
      'client_1',
      'secret of the client',
    ]);
    for (const name of readdirSync(join(kosmo.home, 'kosmo')).filter((entry) => entry.endsWith('.json'))) {
      expect(readFileSync(join(kosmo.home, 'kosmo', name), 'utf8')).not.toContain('access_1');
    }
  });

  it('that are changed get another token', async () => {
    await configure({ client_id: 'client_1', client_secret: 'a' });
    await run();
    await configure({ client_secret: 'b' });
    await run();
    expect(tokensUsed()).toEqual(['Bearer access_1', 'Bearer access_2']);
  });

  it('get another token, once, when an API takes the one back that it gave', async () => {
    await configure({ client_id: 'client_1', client_secret: 'a' });
    await run();
    revoked = new Set(['Bearer access_1']);
    const ended = await run();
    expect(ended).toMatchObject({ success: true, integration_calls: [{ status: 200, attempts: 2 }] });
    revoked = new Set(['Bearer access_2', 'Bearer access_3']);
    expect(await run()).toMatchObject({ success: false, integration_calls: [{ status: 401, attempts: 2 }] });
    expect(tokensUsed()).toEqual(['1', '1', '2', '2', '3'].map((number) => `Bearer access_${number}`));
  });

  it('that are refused are told without the secret', async () => {
    await configure({ client_id: 'client_1', client_secret: 'planted_secret' });
    refusal = { error: 'invalid_client', error_description: 'planted_secret is wrong' };
    const ended = await run();
    expect(ended).toMatchObject({ status: 4, error: { code: 'token_refused' } });
    expect(ended['error'].message).toContain('invalid_client ([redacted] is wrong)');
    expect(JSON.stringify(ended)).not.toContain('planted_secret');
  });
});

describe('a refresh token', () => {
  it('is used once by processes that need a token at the same time, and the next one is kept', async () => {
    await configure({ client_id: 'client_1', refresh_token: 'refresh_0' });
    lasts = 1;
    const runs = await Promise.all([run(), run()]);
    // The first token holds for a second, which is less than the margin: the second process asks with the next one.
    expect(runs.map(({ success }) => success)).toEqual([true, true]);
    expect(granted.map((form) => form.get('refresh_token'))).toEqual(['refresh_0', 'refresh_1']);
    lasts = 3600;
    granted.length = 0;
    refreshTokens = new Set(['refresh_2']);
    const more = await Promise.all([run(), run(), run()]);
    expect(more.map(({ result }) => result)).toEqual(Array(3).fill('Bearer [redacted]'));
    expect(granted.map((form) => form.get('refresh_token'))).toEqual(['refresh_2']);
    expect(new Set(tokensUsed().slice(2))).toEqual(new Set(['Bearer access_1']));
  });

  it('that is refused says what to do, and another one is used once it is configured', async () => {
    await configure({ client_id: 'client_1', refresh_token: 'refresh_of_old' });
    expect(await run()).toMatchObject({ status: 4, error: { code: 'token_refused' } });
    await configure({ refresh_token: 'refresh_0' });
    expect(await run()).toMatchObject({ success: true });
  });
});

// @ts-nocheck the types of this library need those of Express, which nothing else here uses
/**
 * An MCP server that wants a token, with its authorization server beside it, on a loopback port. It prints its URL, and
 * tells at /seen what happened. TOKEN_SECONDS is how long a token holds. It takes clients that are a document at an https
 * URL, which it fetches, unless DOCUMENTS is "no". The clients `worker`, by its secret, and `signer`, by a key whose public
 * half is in SIGNER_KEY, are let in without a person.
 */
import { randomUUID } from 'node:crypto';
import {
  InvalidClientError,
  InvalidGrantError,
  InvalidTokenError,
} from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import express from 'express';
import { importSPKI, jwtVerify } from 'jose';

const takesDocuments = process.env.DOCUMENTS !== 'no';
const lifetime = Number(process.env.TOKEN_SECONDS ?? 3600);
const seen = { grants: 0, registrations: 0, refreshes: 0, refused_refreshes: 0, documents: 0 };
const clients = new Map();
const codes = new Map();
const tokens = new Map();
const refreshTokens = new Set();

function newTokens(clientId) {
  const access = `access-${randomUUID()}`;
  const refresh = `refresh-${randomUUID()}`;
  tokens.set(access, { clientId, expiresAt: Math.floor(Date.now() / 1000) + lifetime });
  refreshTokens.add(refresh);
  return { access_token: access, refresh_token: refresh, token_type: 'Bearer', expires_in: lifetime };
}

/** The client that shows who it is, by its secret or by what it has signed; null when it does not. */
async function clientOf(request, issuer) {
  const [scheme, pair = ''] = (request.headers.authorization ?? '').split(' ');
  if (scheme === 'Basic') {
    const [id, secret] = Buffer.from(pair, 'base64').toString().split(':');
    return id === 'worker' && secret === 'worker-secret' ? id : null;
  }
  try {
    const key = await importSPKI(process.env.SIGNER_KEY ?? '', 'ES256');
    const options = { audience: issuer, issuer: 'signer', subject: 'signer' };
    return (await jwtVerify(request.body.client_assertion ?? '', key, options)).payload.sub;
  } catch {
    return null;
  }
}

/** The document about a client, which must be about the client that names it. */
async function documentAt(id) {
  const document = await (await fetch(id)).json();
  if (document.client_id !== id) throw new InvalidClientError('the document is about another client');
  seen.documents += 1;
  return document;
}

const provider = {
  clientsStore: {
    async getClient(id) {
      if (takesDocuments && id.startsWith('https://') && !clients.has(id))
        clients.set(id, await documentAt(id));
      return clients.get(id);
    },
    registerClient(client) {
      seen.registrations += 1;
      clients.set(client.client_id, client);
      return client;
    },
  },
  async authorize(client, { state, codeChallenge, redirectUri }, response) {
    const code = randomUUID();
    codes.set(code, { client: client.client_id, codeChallenge });
    const back = new URL(redirectUri);
    back.searchParams.set('code', code);
    if (state !== undefined) back.searchParams.set('state', state);
    response.redirect(back.href);
  },
  async challengeForAuthorizationCode(_client, code) {
    return codes.get(code)?.codeChallenge ?? '';
  },
  async exchangeAuthorizationCode(client, code) {
    if (!codes.delete(code)) throw new InvalidGrantError('no such code');
    return newTokens(client.client_id);
  },
  async exchangeRefreshToken(client, token) {
    // It may be used once.
    if (!refreshTokens.delete(token)) {
      seen.refused_refreshes += 1;
      throw new InvalidGrantError('the refresh token was used before');
    }
    seen.refreshes += 1;
    return newTokens(client.client_id);
  },
  async verifyAccessToken(token) {
    const known = tokens.get(token);
    if (known === undefined) throw new InvalidTokenError('no such token');
    return { token, scopes: [], ...known };
  },
};

const app = express();
const listener = app.listen(0, '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${listener.address().port}`;
  const resource = new URL('/mcp', origin);
  app.get('/seen', (_request, response) => response.json(seen));
  app.post('/expire', (_request, response) => {
    tokens.clear();
    response.end();
  });
  app.get('/.well-known/oauth-authorization-server', (_request, response) =>
    response.json({
      issuer: `${origin}/`,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'private_key_jwt'],
      client_id_metadata_document_supported: takesDocuments,
    }),
  );
  app.use('/authorize', (request, _response, next) => {
    seen.client_id = request.query.client_id;
    next();
  });
  app.post('/token', express.urlencoded({ extended: false }), async (request, response, next) => {
    if (request.body.grant_type !== 'client_credentials') return next();
    const client = await clientOf(request, `${origin}/`);
    if (client === null)
      return response.status(401).json({ error: 'invalid_client', error_description: 'who is that' });
    seen.grants += 1;
    seen.scope = request.body.scope;
    const { refresh_token: _, ...token } = newTokens(client);
    return response.json(token);
  });
  app.use(mcpAuthRouter({ provider, issuerUrl: new URL(origin), resourceServerUrl: resource }));
  const guard = requireBearerAuth({
    verifier: provider,
    resourceMetadataUrl: `${origin}/.well-known/oauth-protected-resource/mcp`,
  });
  app.all('/mcp', guard, express.json(), async (request, response) => {
    if (request.method !== 'POST') {
      response.status(405).end();
      return;
    }
    const server = new McpServer({ name: 'secured', version: '1' });
    server.registerTool(
      'whoami',
      { description: 'Tells who calls', annotations: { readOnlyHint: true } },
      ({ authInfo }) => ({
        content: [{ type: 'text', text: `client ${authInfo.clientId} with ${authInfo.token}` }],
      }),
    );
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    await server.connect(transport);
    await transport.handleRequest(request, response, request.body);
  });
  process.stdout.write(`${resource.href}\n`);
});

import { timingSafeEqual } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Database } from '../../sqlite/index.ts';
import { type Environment, hashSecret } from '../kit/environments.ts';
import { parseJson } from '../kit/input.ts';
import { contextOf } from '../pages/context-of.ts';
import type { AreaEnv, CreateArea, PageHost } from '../pages/host.ts';
import type { DirectoryRow } from '../resources/directories/directories.table.ts';
import { ScimDirectory } from './scim-directory.ts';
import { scimError, scimErrorReply } from './scim-error.ts';
import { type ScimKind, scimGroups, scimUsers, type Versioned } from './scim-kinds.ts';
import { scimPath } from './scim-path.ts';
import type { ScimReply } from './scim-reply.ts';
import { describeService } from './service.ts';

const largestBody = 1024 * 1024;

/**
 * The SCIM 2.0 endpoint of every directory (RFC 7643, RFC 7644): what its identity provider is told to talk to. A
 * directory's bearer token opens its own endpoint and nothing else.
 */
export const createScim: CreateArea = (host) => {
  const app = new Hono<AreaEnv>();
  app.use(
    bodyLimit({
      maxSize: largestBody,
      onError: (c) => send(c, scimErrorReply(scimError(413, null, 'The body is larger than 1 MiB.'))),
    }),
  );
  app.onError((error, c) => send(c, scimErrorReply(error)));
  app.all(`${scimPath}/:directory{[^/]+}/:rest{.*}`, async (c) => {
    const { directory, rest } = c.req.param();
    const scim = openDirectory(host, c, directory);
    return send(c, await answer(c, scim, `${c.env.baseUrl}${scimPath}/${directory}`, rest));
  });
  app.notFound((c) => send(c, scimErrorReply(scimError(404, null, 'There is no such SCIM endpoint.'))));
  return app;
};

interface Owned extends DirectoryRow {
  readonly environment_id: string;
  readonly client_id: string;
}

/** @throws SCIMError 401, the same for a token that is wrong and a directory that is not there */
function openDirectory(host: PageHost, c: Context<AreaEnv>, id: string): ScimDirectory {
  const [, token] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
  const owned = directoryWithEnvironment(host.database, id);
  if (token === undefined || owned === null || !isSame(hashSecret(token), owned.bearer_token_hash)) {
    throw scimError(401, null, 'The bearer token does not open this directory.');
  }
  const environment: Environment = { id: owned.environment_id, client_id: owned.client_id };
  return new ScimDirectory({
    database: host.database,
    directory: owned,
    location: `${c.env.baseUrl}${scimPath}/${id}`,
    newContext: () => contextOf(host, environment, c.env),
  });
}

async function answer(
  c: Context<AreaEnv>,
  scim: ScimDirectory,
  location: string,
  rest: string,
): Promise<ScimReply> {
  const [name = '', id, ...more] = rest.split('/');
  const kind = name === 'Users' ? scimUsers : name === 'Groups' ? scimGroups : null;
  if (kind !== null && more.length === 0) {
    // Each kind knows its own rows; here it does not matter which.
    return answerOfKind(c, scim, kind as ScimKind<Versioned>, id);
  }
  const description = c.req.method === 'GET' ? await describeService(`/${rest}`, location) : null;
  if (description === null) throw scimError(404, null, `There is no ${c.req.method} /${rest}.`);
  return description;
}

async function answerOfKind(
  c: Context<AreaEnv>,
  scim: ScimDirectory,
  kind: ScimKind<Versioned>,
  id: string | undefined,
): Promise<ScimReply> {
  const { method } = c.req;
  if (id === undefined || id === '') {
    if (method === 'GET') return scim.list(kind, c.req.query());
    if (method === 'POST') return scim.create(kind, await readBody(c));
  } else if (id === '.search') {
    if (method === 'POST') return scim.list(kind, search(await readBody(c)));
  } else {
    const conditions = {
      ifMatch: c.req.header('if-match') ?? null,
      ifNoneMatch: c.req.header('if-none-match') ?? null,
    };
    if (method === 'GET') return scim.get(kind, id, c.req.query(), conditions);
    if (method === 'PUT') return scim.replace(kind, id, await readBody(c), conditions);
    if (method === 'PATCH') return scim.patch(kind, id, await readBody(c), conditions);
    if (method === 'DELETE') return scim.remove(kind, id, conditions);
  }
  throw scimError(405, null, `${method} is not for ${kind.endpoint}.`);
}

async function readBody(c: Context<AreaEnv>): Promise<unknown> {
  const value = parseJson(await c.req.text());
  if (value === undefined) throw scimError(400, 'invalidSyntax', 'The body is not JSON.');
  return value;
}

/** A search by POST (RFC 7644, section 3.4.3) names attributes in lists, a query by commas. */
function search(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw scimError(400, 'invalidSyntax', 'The body must be a SearchRequest message.');
  }
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
}

function send(c: Context<AreaEnv>, { status, body, headers = {} }: ScimReply): Response {
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
  if (status === 401) c.header('www-authenticate', 'Bearer realm="SCIM"');
  if (body === null) return c.body(null, status as 204 | 304);
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, {
    'content-type': 'application/scim+json; charset=utf-8',
  });
}

function directoryWithEnvironment(database: Database, id: string): Owned | null {
  return database.get<Owned>(
    `SELECT directories.*, client_id FROM directories
     JOIN environments ON environments.id = environment_id WHERE directories.id = ?`,
    [id],
  );
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

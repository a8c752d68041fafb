import { dereference } from '../spec/references.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import {
  type AccountField,
  type AllCredentials,
  type Auth,
  type Credential,
  credentialsOf,
  fieldsOfCredential,
  type Parameter,
} from './manifest.ts';
import { snakeCase } from './names.ts';
import { booleanOf, listOf, objectOf, stringOf } from './read-document.ts';

/** Security scheme → the credential that serves it. */
export type Credentials = ReadonlyMap<string, Credential>;

/** The document's security schemes as kosmo can serve them; schemes it cannot (certificates, digests) are left out. */
export function credentialFieldsOf(document: JsonObject): Credentials {
  const entries = schemesOf(document);
  // Where there is one key, it is the API key; where there are several, each is called as the document calls it.
  const keys = entries.filter(([, scheme]) => takesKey(scheme) && stringOf(scheme['x-kosmo-field']) === '');
  const schemes = new Map<string, Credential>();
  for (const [name, scheme] of entries) {
    const own = keys.length > 1 ? snakeCase(name) : 'api_key';
    const credential = credentialOf(scheme, stringOf(scheme['x-kosmo-field']) || own);
    if (credential !== null) schemes.set(name, credential);
  }
  return schemes;
}

function schemesOf(document: JsonObject): [string, JsonObject][] {
  return Object.entries(objectOf(objectOf(document['components'])['securitySchemes'])).map(
    ([name, entry]) => [name, dereference(document, entry, `security scheme ${name}`)],
  );
}

function takesKey(scheme: JsonObject): boolean {
  const credential = credentialOf(scheme, 'api_key');
  return credential !== null && credential.kind !== 'basic' && credential.field === 'api_key';
}

function credentialOf(scheme: JsonObject, field: string): Credential | null {
  const place = scheme['in'];
  switch (stringOf(scheme['type'])) {
    case 'http':
      return httpCredential(stringOf(scheme['scheme']), field);
    case 'apiKey':
      if (place !== 'header' && place !== 'query' && place !== 'cookie') return null;
      return { kind: 'api_key', field, in: place, name: stringOf(scheme['name']) };
    case 'oauth2':
    case 'openIdConnect':
      // However the token was come by, it goes into the same header (RFC 6750).
      return { kind: 'bearer', field: stringOf(scheme['x-kosmo-field']) || 'access_token' };
    default:
      return null;
  }
}

/** Schemes whose answer depends on the request or on more than one exchange. */
const interactive = new Set([
  'digest',
  'hoba',
  'mutual',
  'negotiate',
  'oauth',
  'scram-sha-1',
  'scram-sha-256',
  'vapid',
]);

function httpCredential(scheme: string, field: string): Credential | null {
  const name = scheme.toLowerCase();
  if (name === 'bearer') return { kind: 'bearer', field };
  if (name === 'basic') return { kind: 'basic', userField: 'username', passwordField: 'password' };
  if (name === '' || interactive.has(name)) return null;
  // A scheme of the API's own, such as `Authorization: Token …`.
  return { kind: 'api_key', field, in: 'header', name: 'authorization', prefix: `${scheme} ` };
}

/** How something is authenticated, and why not when kosmo can serve none of what the document asks for. */
export interface Security {
  readonly auth: Auth | null;
  readonly unserved: string | null;
}

/** What a `security` of the document asks for: an operation's own, or the document's. */
export function securityOf(
  document: JsonObject,
  security: JsonValue | undefined,
  schemes: Credentials,
): Security {
  const alternatives = listOf(security).filter(isJsonObject);
  if (alternatives.length === 0) return { auth: null, unserved: null };
  const ways = alternatives.flatMap((alternative) => {
    const names = Object.keys(alternative);
    const credentials = names.flatMap((name) => schemes.get(name) ?? []);
    if (names.length === 0 || credentials.length < names.length) return [];
    const [first] = credentials;
    const way: Credential | AllCredentials =
      credentials.length === 1 && first !== undefined ? first : { kind: 'all', of: credentials };
    return [way];
  });
  const optional = alternatives.some((alternative) => Object.keys(alternative).length === 0);
  const [only] = ways;
  if (only === undefined) {
    const asked = alternatives.flatMap((alternative) => Object.keys(alternative));
    return { auth: null, unserved: optional ? null : whyUnserved(document, asked) };
  }
  return {
    auth: ways.length === 1 && !optional ? only : { kind: 'any', of: ways, optional },
    unserved: null,
  };
}

function whyUnserved(document: JsonObject, asked: readonly string[]): string {
  const schemes = new Map(schemesOf(document));
  const kinds = asked.map((name) => {
    const scheme = schemes.get(name);
    if (scheme === undefined) return `${name}, which the document does not define`;
    return [name, stringOf(scheme['type']), stringOf(scheme['scheme'])]
      .filter((word) => word !== '')
      .join(' ');
  });
  return `it asks for ${[...new Set(kinds)].join(' or ')}`;
}

/**
 * The argument by which a call can bring its own credential, such as a signed-in user's token; null where the scheme
 * has none. The scheme says so with `x-kosmo-argument`.
 */
export function credentialParameterOf(document: JsonObject, auth: Auth | null): Parameter | null {
  if (auth === null || auth.kind === 'basic' || auth.kind === 'all' || auth.kind === 'any') return null;
  for (const [, scheme] of schemesOf(document)) {
    const argument = stringOf(scheme['x-kosmo-argument']);
    if (argument === '' || stringOf(scheme['x-kosmo-field']) !== auth.field) continue;
    return {
      name: argument,
      argument,
      alias: null,
      in: 'credential',
      required: false,
      style: 'simple',
      explode: false,
      description: stringOf(scheme['description']),
      schema: { type: 'string', minLength: 1 },
      accountDefault: [auth.field],
    };
  }
  return null;
}

/**
 * The fields an account has: what the document's overlay lists, else what its security schemes need.
 * @param variables fields of the server's URL
 */
export function accountFieldsOf(
  integration: string,
  document: JsonObject,
  variables: readonly JsonObject[],
): AccountField[] {
  const said = listOf(document['x-kosmo-fields']);
  const entries = said.length > 0 ? said.filter(isJsonObject) : defaultFields(document);
  const names = new Set(entries.map((entry) => stringOf(entry['name'])));
  const missing = variables.filter((entry) => !names.has(stringOf(entry['name'])));
  return [...entries, ...missing].map((entry) => {
    const name = stringOf(entry['name']);
    const secret = booleanOf(entry['secret'], false);
    return {
      name,
      title: stringOf(entry['title']) || name,
      description: stringOf(entry['description']),
      secret,
      required: booleanOf(entry['required'], false),
      env: stringOf(entry['env']) || `${integration}_${name}`.toUpperCase(),
      default: stringOf(entry['default']) || null,
    };
  });
}

function defaultFields(document: JsonObject): JsonObject[] {
  const schemes = credentialFieldsOf(document);
  const names = new Set([...schemes.values()].flatMap(fieldsOfCredential));
  const needed = alwaysNeeded(document, schemes);
  const tokenUrl = tokenUrlOf(document);
  const credentials = [...names].map((name) => {
    const fromTokenServer = tokenUrl !== null && name === 'access_token';
    return { name, secret: name !== 'username', required: needed.has(name) && !fromTokenServer };
  });
  return [
    ...credentials,
    ...(tokenUrl === null ? [] : tokenFields(tokenUrl)),
    { name: 'url', title: 'Base URL' },
  ];
}

/** Fields without which the document's own security cannot be kept; where there is a choice, none is needed. */
function alwaysNeeded(document: JsonObject, schemes: Credentials): Set<string> {
  const { auth } = securityOf(document, document['security'], schemes);
  if (auth === null) {
    // A document that says nothing for the whole says it for each operation: one scheme is then the one they mean.
    const said = listOf(document['security']).length > 0;
    return new Set(schemes.size === 1 && !said ? [...schemes.values()].flatMap(fieldsOfCredential) : []);
  }
  return new Set(auth.kind === 'any' ? [] : credentialsOf(auth).flatMap(fieldsOfCredential));
}

/** What an account needs to get access tokens for itself. */
function tokenFields(tokenUrl: string): JsonObject[] {
  return [
    { name: 'client_id', title: 'Client ID', description: 'Of the OAuth client that asks for tokens.' },
    { name: 'client_secret', title: 'Client secret', secret: true },
    {
      name: 'refresh_token',
      title: 'Refresh token',
      description: 'Of the user it acts for; without one, the client acts for itself.',
      secret: true,
    },
    { name: 'scope', title: 'Scope', description: 'What to ask for, when not everything.' },
    { name: 'token_url', title: 'Token URL', description: 'Where tokens come from.', default: tokenUrl },
  ];
}

/** Where a flow that needs no browser gets its tokens; null when the document has none. */
function tokenUrlOf(document: JsonObject): string | null {
  for (const [, scheme] of schemesOf(document)) {
    const flows = objectOf(scheme['flows']);
    for (const kind of ['clientCredentials', 'authorizationCode', 'deviceAuthorization']) {
      const flow = objectOf(flows[kind]);
      const url = stringOf(flow['refreshUrl']) || stringOf(flow['tokenUrl']);
      if (URL.canParse(url)) return url;
    }
  }
  return null;
}

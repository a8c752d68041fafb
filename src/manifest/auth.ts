import { dereference } from '../spec/references.ts';
import { KosmoError } from '../support/errors.ts';
import { isJsonObject, type JsonObject } from '../support/json.ts';
import type { AccountField, Auth, Parameter } from './manifest.ts';
import { booleanOf, listOf, objectOf, stringOf } from './read-document.ts';

/** Security scheme → the account fields that hold its credentials. */
export type CredentialFields = ReadonlyMap<string, Auth>;

/** The document's security schemes as kosmo can serve them; schemes it cannot (certificates) are left out. */
export function credentialFieldsOf(document: JsonObject): CredentialFields {
  const schemes = new Map<string, Auth>();
  for (const [name, entry] of Object.entries(objectOf(objectOf(document['components'])['securitySchemes']))) {
    const scheme = dereference(document, entry, `security scheme ${name}`);
    const field = stringOf(scheme['x-kosmo-field']) || 'api_key';
    const kind = stringOf(scheme['type']);
    const place = scheme['in'];
    if (kind === 'http' && stringOf(scheme['scheme']).toLowerCase() === 'bearer') {
      schemes.set(name, { kind: 'bearer', field });
    } else if (kind === 'http' && stringOf(scheme['scheme']).toLowerCase() === 'basic') {
      schemes.set(name, { kind: 'basic', userField: 'username', passwordField: 'password' });
    } else if (kind === 'apiKey' && (place === 'header' || place === 'query')) {
      schemes.set(name, { kind: 'api_key', field, in: place, name: stringOf(scheme['name']) });
    } else if (kind === 'oauth2' || kind === 'openIdConnect') {
      // However the token was come by, it goes into the same header (RFC 6750).
      schemes.set(name, { kind: 'bearer', field: stringOf(scheme['x-kosmo-field']) || 'access_token' });
    }
  }
  return schemes;
}

/** How one operation is authenticated: the first of its alternatives that kosmo can serve. */
export function authOf(
  document: JsonObject,
  definition: JsonObject,
  schemes: CredentialFields,
  where: string,
): Auth | null {
  const alternatives = listOf(definition['security'] ?? document['security']).map(objectOf);
  if (alternatives.length === 0) return null;
  for (const alternative of alternatives) {
    const names = Object.keys(alternative);
    const scheme = schemes.get(names[0] ?? '');
    if (names.length === 0) return null;
    if (names.length === 1 && scheme !== undefined) return scheme;
  }
  throw new KosmoError('document_invalid', `${where}: none of its security schemes can be served.`);
}

/**
 * The argument by which a call can bring its own credential, such as a signed-in user's token; null where the scheme
 * has none. The scheme says so with `x-kosmo-argument`.
 */
export function credentialParameterOf(document: JsonObject, auth: Auth | null): Parameter | null {
  if (auth === null || auth.kind === 'basic') return null;
  for (const [name, entry] of Object.entries(objectOf(objectOf(document['components'])['securitySchemes']))) {
    const scheme = dereference(document, entry, `security scheme ${name}`);
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

/** The fields an account has: what the document's overlay lists, else what its security schemes need. */
export function accountFieldsOf(integration: string, document: JsonObject): AccountField[] {
  const said = listOf(document['x-kosmo-fields']);
  const entries = said.length > 0 ? said.filter(isJsonObject) : defaultFields(document);
  return entries.map((entry) => {
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
  const names = new Set<string>();
  for (const auth of credentialFieldsOf(document).values()) {
    if (auth.kind === 'basic') names.add(auth.userField).add(auth.passwordField);
    else names.add(auth.field);
  }
  const tokenUrl = tokenUrlOf(document);
  const credentials = [...names].map((name) => {
    const fromTokenServer = tokenUrl !== null && name === 'access_token';
    return { name, secret: name !== 'username', required: !fromTokenServer };
  });
  return [
    ...credentials,
    ...(tokenUrl === null ? [] : tokenFields(tokenUrl)),
    { name: 'url', title: 'Base URL' },
  ];
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
  for (const [name, entry] of Object.entries(objectOf(objectOf(document['components'])['securitySchemes']))) {
    const flows = objectOf(dereference(document, entry, `security scheme ${name}`)['flows']);
    for (const kind of ['clientCredentials', 'authorizationCode']) {
      const flow = objectOf(flows[kind]);
      const url = stringOf(flow['refreshUrl']) || stringOf(flow['tokenUrl']);
      if (URL.canParse(url)) return url;
    }
  }
  return null;
}

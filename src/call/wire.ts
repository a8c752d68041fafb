import { type Account, configureCommand } from '../accounts/index.ts';
import type { Operation, Parameter } from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';
import { isJsonObject, type JsonValue, stringifyJson } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';
import type { BoundArguments } from './bind.ts';
import type { WireRequest } from './transport.ts';

/**
 * The HTTP request of a bound call, credentials and all.
 * Serialisation of parameters: OpenAPI 3.1, "Style Values".
 */
export function wireRequest(
  operation: Operation,
  bound: BoundArguments,
  account: Account,
  defaultUrl: string,
  userAgent: string,
): Failure | WireRequest {
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': userAgent };
  const query: string[] = [];
  let path = operation.path;
  for (const parameter of operation.parameters) {
    const value = bound.values[parameter.argument];
    if (value === undefined) continue;
    if (parameter.in === 'path')
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(plainText(value)));
    else if (parameter.in === 'query') query.push(...queryPairs(parameter, value));
    else if (parameter.in === 'header') headers[parameter.name.toLowerCase()] = headerText(value);
  }
  const denied = authenticate(operation, bound, account, headers, query);
  if (denied !== null) return denied;
  const body = bound.body === undefined ? null : stringifyJson(bound.body);
  if (body !== null) headers['content-type'] = 'application/json';
  const base = (account.value('url') ?? operation.baseUrl ?? defaultUrl).replace(/\/+$/, '');
  const url = `${base}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
  if (!URL.canParse(url) || !(operation.method === 'TOOL' ? /^mcp:/ : /^https?:/).test(url)) {
    return failure(
      'not_configured',
      `The URL of the account ${account.name} is not an http or https URL: ${base}`,
      {
        hint: 'Set the account’s url to one such as https://api.example.com.',
      },
    );
  }
  return { method: operation.method, url, headers, body };
}

function authenticate(
  { auth, parameters }: Operation,
  bound: BoundArguments,
  account: Account,
  headers: Record<string, string>,
  query: string[],
): Failure | null {
  if (auth === null) return null;
  if (auth.kind === 'basic') {
    const user = account.value(auth.userField);
    if (user === undefined) return missing(account, auth.userField);
    headers['authorization'] =
      `Basic ${Buffer.from(`${user}:${account.value(auth.passwordField) ?? ''}`).toString('base64')}`;
    return null;
  }
  // What the call brought, or was filled from the account, goes before what the account holds.
  const argument = parameters.find((parameter) => parameter.in === 'credential')?.argument;
  const brought = argument === undefined ? undefined : bound.values[argument];
  const secret = typeof brought === 'string' ? brought : account.value(auth.field);
  if (secret === undefined) return missing(account, auth.field, argument);
  if (auth.kind === 'bearer') headers['authorization'] = `Bearer ${secret}`;
  else if (auth.in === 'header') headers[auth.name.toLowerCase()] = secret;
  else query.push(`${encodeURIComponent(auth.name)}=${encodeURIComponent(secret)}`);
  return null;
}

function missing(account: Account, field: string, argument?: string): Failure {
  const command = `${configureCommand(account.integration, account.name)} --set ${field}=…`;
  return failure(
    'not_configured',
    `The account ${account.name} of ${account.integration} has no ${field}, which this operation needs.`,
    {
      hint: argument === undefined ? `Run ${command}.` : `Pass ${argument}, or run ${command}.`,
      details: { integration: account.integration, account: account.name, field, commands: [command] },
    },
  );
}

function queryPairs(parameter: Parameter, value: JsonValue): string[] {
  const name = encodeURIComponent(parameter.name);
  if (Array.isArray(value)) {
    const items = value.map((item) => encodeURIComponent(plainText(item)));
    if (parameter.explode) return items.map((item) => `${name}=${item}`);
    return [`${name}=${items.join(separators[parameter.style])}`];
  }
  if (!isJsonObject(value)) return [`${name}=${encodeURIComponent(plainText(value))}`];
  const entries = Object.entries(value).map(
    ([key, inner]) => [encodeURIComponent(key), encodeURIComponent(plainText(inner))] as const,
  );
  if (parameter.style === 'deepObject') return entries.map(([key, inner]) => `${name}[${key}]=${inner}`);
  if (parameter.explode) return entries.map(([key, inner]) => `${key}=${inner}`);
  return [`${name}=${entries.flat().join(',')}`];
}

const separators: Readonly<Record<Parameter['style'], string>> = {
  form: ',',
  simple: ',',
  deepObject: ',',
  spaceDelimited: '%20',
  pipeDelimited: '%7C',
};

function plainText(value: JsonValue): string {
  return typeof value === 'string' ? value : stringifyJson(value);
}

/** A header cannot hold line ends; anything past Latin-1 is percent-encoded. */
function headerText(value: JsonValue): string {
  return plainText(value).replace(/[^\t\x20-\x7e\xa0-\xff]/gu, (character) => encodeURIComponent(character));
}

/** A request as it may be shown. */
export interface ShownRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  /** The body's value; null when none is sent. */
  readonly body: JsonValue;
}

/** The request as it may be shown: credentials taken out. */
export function shownRequest(request: WireRequest, account: Account): ShownRequest {
  const headers = account.redactor.data({ ...request.headers });
  const authorization = headers['authorization'];
  if (authorization !== undefined) headers['authorization'] = `${authorization.split(' ')[0]} [redacted]`;
  return {
    method: request.method,
    url: account.redactor.text(request.url),
    headers,
    body: request.body === null ? null : (parseJson(account.redactor.text(request.body)) ?? null),
  };
}

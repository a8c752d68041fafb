import type { Account } from '../accounts/index.ts';
import type { Operation } from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';
import type { JsonValue } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';
import { baseOf } from './base-url.ts';
import type { BoundArguments } from './bind.ts';
import { encodeBody } from './body.ts';
import { authenticate } from './credentials.ts';
import type { AttachedFiles } from './files.ts';
import { cookieText, headerText, pathText, queryPairs, wholeQuery } from './parameter-text.ts';
import type { OperationPlan } from './plan.ts';
import type { WireRequest } from './transport.ts';

/** The HTTP request of a bound call, credentials and all. */
export function wireRequest(
  { operation, accept }: OperationPlan,
  bound: BoundArguments,
  account: Account,
  defaultUrl: string,
  userAgent: string,
  files: AttachedFiles = new Map(),
): Failure | WireRequest {
  const headers: Record<string, string> = { accept, 'user-agent': userAgent };
  const query: string[] = [];
  const cookies: string[] = [];
  let path = operation.path;
  for (const parameter of operation.parameters) {
    const value = bound.values[parameter.argument];
    if (value === undefined) continue;
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, () => pathText(parameter, value));
    else if (parameter.in === 'query') query.push(...queryPairs(parameter, value));
    else if (parameter.in === 'querystring') query.push(...wholeQuery(parameter, value));
    else if (parameter.in === 'header') headers[parameter.name.toLowerCase()] = headerText(parameter, value);
    else if (parameter.in === 'cookie') cookies.push(cookieText(parameter, value));
  }
  const denied = authenticate(operation, bound.values, account, { headers, query, cookies });
  if (denied !== null) return denied;
  if (cookies.length > 0) headers['cookie'] = cookies.join('; ');
  const encoded =
    bound.body === undefined || operation.body === null
      ? null
      : encodeBody(operation.body, bound.body, files);
  if (encoded !== null) headers['content-type'] = encoded.contentType;
  const base = baseOf(operation, account, defaultUrl);
  if (typeof base !== 'string') return base;
  const asked = query.length > 0 ? `${path.includes('?') ? '&' : '?'}${query.join('&')}` : '';
  const url = `${base}${path}${asked}`;
  if (!isUrl(url, operation)) {
    return failure(
      'not_configured',
      `The URL of the account ${account.name} is not an http or https URL: ${base}`,
      {
        hint: 'Set the account’s url to one such as https://api.example.com.',
      },
    );
  }
  return {
    method: operation.method,
    url,
    headers,
    body: encoded?.content ?? null,
    ...(encoded?.shown === undefined ? {} : { shown: encoded.shown }),
  };
}

/** The URL of a server's tool is made here; any other has an account's or a document's words in it. */
function isUrl(url: string, { method }: Operation): boolean {
  return method === 'TOOL' ? url.startsWith('mcp://') : /^https?:/.test(url) && URL.canParse(url);
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
    body: shownBody(request, account),
  };
}

function shownBody({ body, shown }: WireRequest, account: Account): JsonValue {
  if (shown !== undefined) return account.redactor.data(shown);
  return typeof body === 'string' ? (parseJson(account.redactor.text(body)) ?? null) : null;
}

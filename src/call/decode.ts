import { isLinesOfJson, type Operation } from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';
import { readJsonLines } from './json-lines.ts';
import type { ResponseHead, WireResponse } from './transport.ts';

export type Decoded =
  | { readonly ok: true; readonly value: JsonValue; readonly text: string | null }
  | { readonly ok: false; readonly error: Failure };

/** What an answer means: a value, a redirect's `{ url }`, or an error. */
export function decode(operation: Operation, fullName: string, response: WireResponse): Decoded {
  const { status } = response;
  const body = textIn(operation, response);
  const location = response.headers['location'];
  if (status >= 300 && status < 400 && location !== undefined)
    return { ok: true, value: { url: location }, text: null };
  if (status >= 400) return { ok: false, error: apiError(operation, fullName, response) };
  if (response.value !== undefined) return { ok: true, value: response.value, text: body };
  // Bytes are the pipeline's to keep.
  if (body.trim() === '') return { ok: true, value: null, text: null };
  const lines = isLinesOfJson(response.headers['content-type'] ?? '') ? readJsonLines(body) : undefined;
  if (lines !== undefined) return { ok: true, value: lines, text: null };
  const value = parseJson(body);
  if (value !== undefined) return { ok: true, value, text: body };
  if (isPlainText(operation, response)) return { ok: true, value: body, text: null };
  return { ok: false, error: notJson(operation, fullName, response) };
}

/** The answer's text. What calls itself bytes is text where the document promises JSON. */
function textIn(operation: Operation, { status, body, bytes }: WireResponse): string {
  if (bytes === undefined) return body;
  const promised = operation.responses.find((response) => response.status === String(status))?.contentType;
  const text = promised?.includes('json') === true ? Buffer.from(bytes).toString('utf8') : '';
  return parseJson(text) === undefined ? '' : text;
}

/** An operation whose document promises another type than JSON answers with text. */
function isPlainText(operation: Operation, response: WireResponse): boolean {
  const promised = operation.responses.find(({ status }) => status === String(response.status))?.contentType;
  return typeof promised === 'string' && !promised.includes('json');
}

function notJson(operation: Operation, fullName: string, response: WireResponse): Failure {
  const type = response.headers['content-type'] ?? 'no content type';
  return failure(
    'invalid_response',
    `${operation.method} ${operation.path} answered ${response.status} with something that is not JSON (${type}).`,
    {
      details: {
        status: response.status,
        operation: fullName,
        request_id: requestIdOf(response),
        excerpt: excerpt(response.body),
      },
    },
  );
}

function apiError(operation: Operation, fullName: string, response: WireResponse): Failure {
  const parsed = parseJson(response.body);
  const body: JsonObject = isJsonObject(parsed) ? parsed : {};
  const code = firstString(body['code'], body['error']);
  const said = firstString(body['message'], body['error_description'], body['error'], body['title']);
  const label = [String(response.status), ...(code === null ? [] : [code])].join(' ');
  const message = said ?? (parsed === undefined ? excerpt(response.body) || 'no message' : 'no message');
  if (operation.method === 'TOOL') {
    return failure('tool_error', `${fullName}: ${said ?? 'no message'}`, {
      details: { message: said, operation: fullName },
    });
  }
  const errors = body['errors'];
  return failure('api_error', `${message} (${label}, ${operation.method} ${operation.path})`, {
    hint: hintFor(response.status),
    details: {
      status: response.status,
      code,
      message,
      errors: Array.isArray(errors) ? errors : [],
      request_id: requestIdOf(response),
      operation: fullName,
    },
  });
}

function hintFor(status: number): string {
  if (status === 401) return 'Check the credentials of the account.';
  if (status === 403) return 'The account’s credentials do not allow this.';
  if (status === 429) return 'Wait, then make fewer calls at a time.';
  return status >= 500 ? 'The fault is the service’s; try again later.' : 'details holds what the API said.';
}

/** The names services give the header with which they find a request again. */
const requestIdHeaders = [
  'x-request-id',
  'request-id',
  'x-github-request-id',
  'x-amzn-requestid',
  'x-correlation-id',
];

export function requestIdOf({ headers }: ResponseHead): string | null {
  for (const name of requestIdHeaders) {
    const id = headers[name];
    // An answer may say anything; an id is short.
    if (id !== undefined && id !== '') return id.slice(0, 200);
  }
  return null;
}

function firstString(...values: readonly (JsonValue | undefined)[]): string | null {
  for (const value of values) if (typeof value === 'string' && value !== '') return value;
  return null;
}

/** The first words of an answer that is not JSON, without markup. */
function excerpt(body: string): string {
  const text = body
    .slice(0, 4_000)
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > 160 ? `${text.slice(0, 157)}…` : text;
}

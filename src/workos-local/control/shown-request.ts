import { redacted } from '../../support/redaction.ts';
import type { LoggedRequest } from './request-log.ts';

/** A request as people see it, without its secrets. */
export interface ShownRequest extends Omit<LoggedRequest, 'time'> {
  /** ISO 8601, by the machine's clock. */
  readonly received_at: string;
}

const secretHeaders = new Set(['authorization', 'cookie', 'set-cookie', 'proxy-authorization']);
/** Names of fields that hold what opens something, in bodies and queries. */
const secretName =
  /^(?:.*_)?(?:password|password_hash|secret|token|code|code_verifier|api_key|assertion|private_key|value)$/i;
/** Where `value` and `token` stand for something else. */
const openNames = new Set(['error_code', 'status_code', 'country_code', 'invitation_token_id']);

export function shownRequest({ time, ...request }: LoggedRequest): ShownRequest {
  return {
    ...request,
    received_at: new Date(time).toISOString(),
    path: pathWithout(request.path),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        secretHeaders.has(name) ? redacted : value,
      ]),
    ),
    body: request.body === null ? null : textWithout(request.body),
    answer: textWithout(request.answer, request.status !== null && request.status >= 400),
  };
}

function pathWithout(path: string): string {
  const questionMark = path.indexOf('?');
  if (questionMark < 0) return path;
  return `${path.slice(0, questionMark)}?${formWithout(path.slice(questionMark + 1))}`;
}

function formWithout(text: string): string {
  const fields = new URLSearchParams(text);
  let found = false;
  for (const name of new Set(fields.keys())) {
    if (!isSecret(name)) continue;
    fields.set(name, redacted);
    found = true;
  }
  return found ? fields.toString() : text;
}

/** @param isError an error's `code` is no secret */
function textWithout(text: string, isError = false): string {
  if (text === '') return '';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A form, or JSON that was cut short.
    return text.startsWith('{') ? cutWithout(text) : formWithout(text);
  }
  return JSON.stringify(without(value, isError), null, 2);
}

/** The same for JSON that does not parse: strings behind a secret's name go, also one that has no end. */
function cutWithout(text: string): string {
  return text.replace(/"(\w+)"\s*:\s*"(?:[^"\\]|\\.)*(?:"|\\?$)/g, (whole, name: string) =>
    isSecret(name) ? `"${name}":"${redacted}"` : whole,
  );
}

function without(value: unknown, isError: boolean): unknown {
  // Links hold tokens, too.
  if (typeof value === 'string' && /^https?:\/\/\S+\?/.test(value)) return pathWithout(value);
  if (Array.isArray(value)) return value.map((item) => without(item, isError));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const hides = typeof inner === 'string' && isSecret(name) && !(isError && name === 'code');
      return [name, hides ? redacted : without(inner, isError)];
    }),
  );
}

function isSecret(name: string): boolean {
  return secretName.test(name) && !openNames.has(name.toLowerCase());
}

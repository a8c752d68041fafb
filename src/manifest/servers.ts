import type { JsonObject, JsonValue } from '../support/json.ts';
import { snakeCase } from './names.ts';
import { listOf, objectOf, stringOf } from './read-document.ts';

/** Where an API is. */
export interface ApiServer {
  /** Without a slash at its end; `{region}` stands for the account's field of that name. */
  readonly url: string;
  /** Account fields for the URL's variables. */
  readonly fields: readonly JsonObject[];
}

/**
 * The first server of a document, path or operation; null when it names none.
 * @param from the document's own URL, which a relative server is relative to; not given for a file
 */
export function serverOf(servers: JsonValue | undefined, from?: string): ApiServer | null {
  const server = objectOf(listOf(servers)[0]);
  const written = stringOf(server['url']);
  if (written === '') return null;
  const variables = objectOf(server['variables']);
  const fields: JsonObject[] = [];
  const named = written.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const variable = objectOf(variables[name]);
    const field = fieldNameOf(name);
    const values = listOf(variable['enum']).map(String);
    const choice = values.length > 0 ? `One of ${values.join(', ')}.` : '';
    fields.push({
      name: field,
      title: name,
      description: [stringOf(variable['description']), choice].filter((text) => text !== '').join(' '),
      default: textOf(variable['default']),
      required: variable['default'] === undefined,
    });
    return `{${field}}`;
  });
  const url = absolute(named, from);
  return url === null ? null : { url: url.replace(/\/+$/, ''), fields };
}

/** A variable is the account's field of its own name, unless that is another field's. */
function fieldNameOf(variable: string): string {
  const name = snakeCase(variable);
  return /^(url|api_key|access_token|username|password|client_id|client_secret|token_url|scope)$/.test(name)
    ? `server_${name}`
    : name;
}

/** Documents write a port as a number. */
function textOf(value: JsonValue | undefined): string {
  return typeof value === 'number' ? `${value}` : stringOf(value);
}

function absolute(url: string, from: string | undefined): string | null {
  if (/^(https?:\/\/|\{)/i.test(url)) return url;
  if (from === undefined || !URL.canParse(from)) return null;
  if (url.startsWith('//')) return `${new URL(from).protocol}${url}`;
  // The braces of a variable must not be encoded, which URL would do.
  const { origin, pathname } = new URL(from);
  return url.startsWith('/')
    ? origin + url
    : `${origin}${pathname.replace(/[^/]*$/, '')}${url.replace(/^\.\//, '')}`;
}

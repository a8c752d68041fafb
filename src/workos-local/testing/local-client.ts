import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Operation } from '../../manifest/index.ts';
import type { LocalResponse } from '../dispatch.ts';
import { type LocalServer, type LocalServerOptions, localAccount, openLocalServer } from '../index.ts';
import { Router } from '../router.ts';
import { manifest } from './document.ts';
import { note, noteFile } from './seen.ts';

export { manifest };

/** A clock that stands still until it is moved. */
export class ManualClock {
  #time = Date.UTC(2026, 5, 1, 12);

  now(): number {
    return this.#time;
  }

  advance(milliseconds: number): void {
    this.#time += milliseconds;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape, and each is checked against the document
export type Json = any;

export interface Reply {
  readonly status: number;
  readonly body: Json;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Call {
  readonly key?: string | null;
  readonly body?: unknown;
  /** Sent as it is, in place of a body. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client without a socket that holds every answer against the document before a test sees it. */
export class LocalClient {
  readonly server: LocalServer;
  readonly clock: ManualClock;
  /** The API key of every call that names no other. */
  readonly key: string;

  constructor(options: Partial<LocalServerOptions> & { clock?: ManualClock; key?: string } = {}) {
    this.clock = options.clock ?? new ManualClock();
    this.key = options.key ?? localAccount.apiKey;
    noteFile();
    this.server = openLocalServer({ database: ':memory:', manifest, ...options, clock: this.clock });
  }

  async call(method: string, path: string, { key, body, text, headers = {} }: Call = {}): Promise<Reply> {
    const answer = await this.server.handle({
      method,
      path,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key ?? this.key}` }),
        'content-type': 'application/json',
        ...headers,
      },
      body: text ?? (body === undefined ? null : JSON.stringify(body)),
    });
    return checked(method, path, answer);
  }

  get(path: string, call?: Call): Promise<Reply> {
    return this.call('GET', path, call);
  }

  post(path: string, body?: unknown, call: Call = {}): Promise<Reply> {
    return this.call('POST', path, { ...call, body });
  }

  put(path: string, body?: unknown, call: Call = {}): Promise<Reply> {
    return this.call('PUT', path, { ...call, body });
  }

  delete(path: string, call?: Call): Promise<Reply> {
    return this.call('DELETE', path, call);
  }

  /** Follows a list to its end. */
  async all(path: string, limit = 100): Promise<Json[]> {
    const found: Json[] = [];
    let after: string | null = null;
    do {
      const url = new URL(path, 'http://local');
      url.searchParams.set('limit', String(limit));
      if (after !== null) url.searchParams.set('after', after);
      const { body } = await this.get(url.pathname + url.search);
      found.push(...body.data);
      after = body.list_metadata.after;
    } while (after !== null);
    return found;
  }

  /** The names of the events since a moment, oldest first. */
  async events(): Promise<Json[]> {
    return this.all('/events?order=asc');
  }
}

// The document repeats a name in one `required`, which a check of the schemas themselves would refuse.
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, validateSchema: false });
for (const name of Object.keys(manifest.index.schemas)) {
  ajv.addSchema(manifest.schema(name), `#/schemas/${name}`);
}
const router = new Router(manifest.index.operations);
const compiled = new Map<string, ReturnType<typeof ajv.compile>>();

function checked(method: string, path: string, answer: LocalResponse): Reply {
  const where = `${method} ${path} → ${answer.status} ${answer.body}`;
  if (answer.status >= 500 && answer.status !== 501) throw new Error(`A server error: ${where}`);
  if (answer.headers['x-request-id'] === undefined) throw new Error(`No X-Request-ID: ${where}`);
  const body: Json = answer.body === '' ? null : JSON.parse(answer.body);
  const match = router.match(method, path.split('?', 1)[0] ?? '');
  const operation = match === null ? null : manifest.operation(match.operation);
  const declared = operation?.responses.find(({ status }) => status === String(answer.status));
  if (answer.status < 400) {
    if (declared === undefined) throw new Error(`A status that the document does not name: ${where}`);
    if (declared.schema === null && body !== null)
      throw new Error(`A body that the document does not name: ${where}`);
  } else if (!isError(body)) {
    throw new Error(`An error that says neither message and code nor what OAuth says: ${where}`);
  }
  // That a body is no JSON is found out before any operation has its say.
  if (body?.code === 'invalid_json') expectStatus(answer.status, 400, where);
  else if (operation !== null && declared !== undefined && declared.schema !== null) {
    validate(operation, declared, body, where);
  }
  if (operation !== null) note(operation.operationId, answer.status);
  return { status: answer.status, body, headers: answer.headers };
}

function isError(body: Json): boolean {
  const fields =
    body?.error === undefined ? [body?.message, body?.code] : [body.error, body.error_description];
  return fields.every((field) => typeof field === 'string');
}

function expectStatus(status: number, expected: number, where: string): void {
  if (status !== expected) throw new Error(`Not a ${expected}: ${where}`);
}

function validate(
  operation: Operation,
  response: Operation['responses'][number],
  body: Json,
  where: string,
): void {
  const id = `${operation.slug} ${response.status}`;
  let check = compiled.get(id);
  if (check === undefined) {
    check = ajv.compile(response.schema ?? {});
    compiled.set(id, check);
  }
  if (!check(body)) {
    throw new Error(
      `Not what the document says: ${where}\n${ajv.errorsText(check.errors, { separator: '\n' })}`,
    );
  }
}

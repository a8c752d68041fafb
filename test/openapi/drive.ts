import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import { dereferenceSync } from 'dereference-json-schema';
import { OpenAPIRouter, OpenAPIValidator } from 'openapi-backend';
import { OperationPlan } from '../../src/call/plan.ts';
import { exampleArguments } from '../../src/docs/example-arguments.ts';
import { Home } from '../../src/home/index.ts';
import { Installer, type Prepared, readPackageFile, type Wanted } from '../../src/install/index.ts';
import { Runtime } from '../../src/runtime/index.ts';
import { productFolder } from '../../src/support/installation.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/support/json.ts';

/** Installs a document into a home, as `integrations:add` does. */
export async function install(home: string, name: string, wanted: Wanted): Promise<Prepared> {
  const unreached = () => Promise.reject(new Error('no URL is read here'));
  const installer = new Installer({
    home: new Home(home),
    box: join(productFolder(), 'integrations'),
    reach: { get: unreached, npm: readPackageFile },
    now: () => new Date(),
  });
  const prepared = await installer.prepare(name, wanted);
  await installer.install(prepared);
  return prepared;
}

/**
 * A server that knows nothing of kosmo: it takes a request when an OpenAPI library finds it valid by the document, and
 * says what is wrong with it otherwise.
 */
export async function validatingServer(document: JsonObject): Promise<{ server: Server; url: string }> {
  // The library goes by these; what a document leaves out is made up.
  const definition = dereferenceSync(structuredClone(document) as never) as never as JsonObject;
  settle(definition, new Set());
  let count = 0;
  for (const item of Object.values(definition['paths'] as JsonObject)) {
    for (const [method, operation] of Object.entries(item as JsonObject)) {
      if (/^(get|put|post|delete|patch|head|options)$/.test(method))
        (operation as JsonObject)['operationId'] = `operation_${count++}`;
    }
  }
  const router = new OpenAPIRouter({
    definition: definition as never,
    apiRoot: '/',
    ignoreTrailingSlashes: true,
  });
  const validator = new OpenAPIValidator({
    definition: definition as never,
    router,
    lazyCompileValidators: true,
    ajvOpts: { logger: false, strict: false },
    coerceTypes: true,
    ...(JSON.stringify(document['openapi']).startsWith('"3.0')
      ? {}
      : { customizeAjv: (_, options) => new Ajv2020.default({ ...options, strict: false }) as never }),
  });
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const [path = '', query = ''] = url.split('?', 2);
      const asked = {
        method,
        path,
        query,
        headers: headers as Record<string, string>,
        ...(body === '' ? {} : { body }),
      };
      const operation = router.matchOperation(asked);
      const { valid, errors } = judged(() =>
        operation === undefined
          ? { valid: false, errors: [{ message: 'no operation is there' }] }
          : validator.validateRequest(asked, operation),
      );
      response.writeHead(valid ? 200 : 400, { 'content-type': 'application/json' });
      response.end(JSON.stringify(valid ? {} : { message: JSON.stringify(errors) }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/**
 * Puts right what the library does not know of OpenAPI: a property that only answers have is not required of a
 * request, and `nullable` may stand by itself.
 */
function settle(value: unknown, seen: Set<unknown>): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  const schema = value as Record<string, unknown>;
  const { required, properties, nullable, type } = schema;
  if (nullable !== undefined && type === undefined) delete schema['nullable'];
  if (!Array.isArray(schema['examples'])) delete schema['examples'];
  if (Array.isArray(required) && typeof properties === 'object' && properties !== null) {
    const known = properties as Record<string, { readOnly?: boolean } | undefined>;
    const needed = required.filter((name: string) => known[name]?.readOnly !== true);
    if (needed.length > 0) schema['required'] = needed;
    else delete schema['required'];
  }
  for (const inner of Object.values(schema)) settle(inner, seen);
}

interface Judgement {
  readonly valid: boolean;
  readonly errors?: unknown;
}

/** What the library fails at is no valid request either. */
function judged(work: () => Judgement): Judgement {
  try {
    return work();
  } catch (error) {
    return { valid: false, errors: String(error) };
  }
}

/** What came of calling every operation of an integration with arguments made from its schema. */
export interface Driven {
  readonly operations: number;
  /** What went wrong, by operation. */
  readonly failures: readonly string[];
}

/** What a document's schemas do not say in a way that an example can be made of. */
export interface Knowledge {
  /** Which examples are sent; both unless given. */
  readonly extents?: readonly Extent[];
  /** Operations, or one extent of their examples (`SLUG full`), for which none can be made. */
  readonly skipped?: readonly string[];
  /** A better value for an argument or a property, such as one that a pattern asks for; undefined to keep it. */
  readonly known?: Known;
}

type Extent = 'required' | 'full';
type Known = (slug: string, name: string, value: JsonValue) => JsonValue | undefined;

function mended<Value extends JsonValue>(slug: string, value: Value, known: Known): Value;
function mended(slug: string, value: JsonValue, known: Known): JsonValue {
  if (Array.isArray(value)) return value.map((item) => mended(slug, item, known));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      known(slug, name, inner) ?? mended(slug, inner, known),
    ]),
  );
}

/** Calls every operation, with what it needs and with more, in a dry run first and then in earnest. */
export async function drive(
  home: string,
  name: string,
  url: string,
  { extents = ['required', 'full'], skipped = [], known = () => undefined }: Knowledge = {},
): Promise<Driven> {
  const runtime = new Runtime({ home, environment: environmentOf(name, url) });
  const failures: string[] = [];
  const integration = runtime.catalog.get(name);
  if (integration === undefined) throw new Error(`${name} is not installed`);
  try {
    for (const entry of integration.reader.index.operations) {
      const operation = integration.reader.operation(entry);
      const { lookup } = new OperationPlan(operation, integration.reader);
      for (const extent of extents) {
        if (skipped.includes(entry.slug) || skipped.includes(`${entry.slug} ${extent}`)) continue;
        const request = {
          integration: name,
          account: null,
          function: entry.slug,
          args: mended(entry.slug, exampleArguments(operation, lookup, extent), known),
        };
        for (const preview of extent === 'full' ? [true, false] : [false]) {
          const outcome = await runtime.call(request, {
            force: true,
            preview,
            callLimits: { calls: 1, writes: 1 },
          });
          if (!outcome.ok) {
            failures.push(`${entry.slug} ${JSON.stringify(request.args)}: ${outcome.error.message}`);
            break;
          }
        }
      }
    }
  } finally {
    await runtime.close();
  }
  return { operations: integration.reader.index.operations.length, failures };
}

/** Everything an account of any kind may hold. */
function environmentOf(name: string, url: string): Record<string, string> {
  const prefix = name.toUpperCase();
  const fields = ['API_KEY', 'TOKEN', 'ACCESS_TOKEN', 'USERNAME', 'PASSWORD', 'BEARER_AUTH', 'BASIC_AUTH'];
  return {
    KOSMO_KEYRING: 'off',
    GITHUB_TOKEN: 'secret',
    ...Object.fromEntries(fields.map((field) => [`${prefix}_${field}`, 'secret'])),
    [`${prefix}_URL`]: url,
  };
}

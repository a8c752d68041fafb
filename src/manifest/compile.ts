import type { SourceDocument } from '../spec/document.ts';
import { dereference } from '../spec/references.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { argumentSizes, largestChecked } from './argument-check.ts';
import {
  accountFieldsOf,
  type Credentials,
  credentialFieldsOf,
  credentialParameterOf,
  securityOf,
} from './auth.ts';
import { documentedEventsOf, documentedExampleOf } from './documented-example.ts';
import {
  type ExclusiveGroup,
  type Manifest,
  manifestFormat,
  type Operation,
  type OperationResponse,
  type Pagination,
} from './manifest.ts';
import { schemaOfMedia } from './media.ts';
import { documentedMethods, unsentMethod } from './methods.ts';
import { classNameOf, isUsableName, luaNameOf, pathAliasOf, slugOf } from './names.ts';
import { paginationOf, paginationStylesOf } from './pagination.ts';
import { compileParameters } from './parameters.ts';
import { booleanOf, effectOf, listOf, objectOf, stringOf } from './read-document.ts';
import { type CompileReport, Notes } from './report.ts';
import { compileRequestBody } from './request-body.ts';
import { SchemaCompiler } from './schema.ts';
import { serverOf } from './servers.ts';

/** A manifest, and what the compiler saw of its document. */
export interface Compiled {
  readonly manifest: Manifest;
  readonly report: CompileReport;
}

/** What every operation of a document is compiled with. */
interface Context {
  readonly integration: string;
  readonly document: JsonObject;
  readonly schemas: SchemaCompiler;
  readonly notes: Notes;
  readonly credentials: Credentials;
  readonly paging: readonly Pagination[];
}

/**
 * Compiles an OpenAPI 3 document, overlays applied, to a manifest.
 * @param source where the document came from; its `content` is the document as read
 * @param document the document with its overlays applied
 * @param baseUrl where calls go, in place of the document's own server
 * @throws KosmoError `document_invalid`, naming the operation
 */
export function compileDocument(
  integration: string,
  source: SourceDocument,
  document: JsonObject,
  overlays: readonly SourceDocument[],
  baseUrl: string | null = null,
): Compiled {
  const info = objectOf(document['info']);
  const notes = new Notes();
  const context: Context = {
    integration,
    document,
    schemas: new SchemaCompiler(document, notes),
    notes,
    credentials: credentialFieldsOf(document),
    paging: paginationStylesOf(document),
  };
  const operations = withAliases(integration, compileOperations(context));
  const server = serverOf(document['servers'], source.location);
  const { auth } = securityOf(document, document['security'], context.credentials);
  const manifest: Manifest = {
    format: manifestFormat,
    integration,
    title: stringOf(info['title']) || integration,
    description: stringOf(info['description']),
    source: {
      location: source.location,
      version: source.version || stringOf(info['version']),
      sha256: source.sha256,
      overlays: overlays.map((overlay) => overlay.sha256),
    },
    baseUrl: baseUrl ?? server?.url ?? '',
    auth: auth ?? usualAuth(operations),
    tags: listOf(document['tags'])
      .map(objectOf)
      .map((tag) => ({
        name: stringOf(tag['name']),
        description: stringOf(tag['description']) || stringOf(tag['summary']),
      })),
    fields: accountFieldsOf(integration, document, baseUrl === null ? (server?.fields ?? []) : []),
    operations,
    schemas: context.schemas.named(),
  };
  return { manifest, report: reportOf(manifest, notes) };
}

/** As `compileDocument`, without its report. */
export function compileManifest(...parts: Parameters<typeof compileDocument>): Manifest {
  return compileDocument(...parts).manifest;
}

/** How most operations are authenticated, where the document does not say it for the whole. */
function usualAuth(operations: readonly Operation[]): Operation['auth'] {
  const counts = new Map<string, { auth: Operation['auth']; count: number }>();
  for (const { auth } of operations) {
    if (auth === null) continue;
    const key = JSON.stringify(auth);
    counts.set(key, { auth, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const [first] = [...counts.values()].sort((a, b) => b.count - a.count);
  return first?.auth ?? null;
}

function compileOperations(context: Context): Operation[] {
  const { integration, document, notes } = context;
  const operations: Operation[] = [];
  const slugs = new Map<string, string>();
  for (const [path, entry] of Object.entries(objectOf(document['paths']))) {
    if (!path.startsWith('/')) continue;
    const item = dereference(document, entry, path);
    for (const [method, definition] of operationsOf(document, item)) {
      const place = `${method} ${path}`;
      const unsent = unsentMethod(method);
      if (unsent !== null) {
        notes.unnamed.push({ operation: place, reason: unsent });
        continue;
      }
      const operation = compileOperation(context, item, definition, method, path);
      // Two operations with one id: the second is called by its path, unless that is taken, too.
      const byPath = pathAliasOf(integration, method, path);
      const slug = [operation.slug, byPath].find((name) => name !== `${integration}_` && !slugs.has(name));
      if (slug === undefined) {
        const other = slugs.get(operation.slug) ?? '';
        notes.unnamed.push({ operation: place, reason: `${operation.slug} is ${other}` });
        continue;
      }
      slugs.set(slug, place);
      operations.push(slug === operation.slug ? operation : renamed(operation, slug));
    }
  }
  return operations;
}

/** What a path's entry defines, by method. OpenAPI 3.2 has QUERY, and methods of an API's own. */
function operationsOf(document: JsonObject, item: JsonObject): [method: string, definition: JsonObject][] {
  const isNewer = stringOf(document['openapi']).startsWith('3.2');
  const own = [...documentedMethods, 'TRACE']
    .filter((method) => method !== 'QUERY' || isNewer)
    .map((method): [string, JsonValue | undefined] => [method, item[method.toLowerCase()]]);
  const more = isNewer ? Object.entries(objectOf(item['additionalOperations'])) : [];
  return [...own, ...more].flatMap(([method, definition]) =>
    isJsonObject(definition) ? [[method, definition] as [string, JsonObject]] : [],
  );
}

function renamed(operation: Operation, slug: string): Operation {
  return { ...operation, slug, className: classNameOf(slug) };
}

function compileOperation(
  context: Context,
  item: JsonObject,
  definition: JsonObject,
  method: string,
  path: string,
): Operation {
  const { integration, document, schemas, notes } = context;
  const where = `${method} ${path}`;
  const operationId = stringOf(definition['operationId']) || pathAliasOf('', method, path).slice(1);
  const slug = slugOf(integration, operationId);
  const summary = stringOf(definition['summary']);
  if (summary === '') notes.missingSummaries.push(where);
  const { auth, unserved } = securityOf(
    document,
    definition['security'] ?? document['security'],
    context.credentials,
  );
  if (unserved !== null) notes.unserved.push({ operation: where, reason: unserved });
  const body = compileRequestBody(document, schemas, definition['requestBody'], where);
  const credential = credentialParameterOf(document, auth);
  const taken = [...(body === null ? [] : ['body']), ...(credential === null ? [] : [credential.argument])];
  const parameters = compileParameters({ document, schemas, notes, taken }, item, definition, path, where);
  if (credential !== null) parameters.push(credential);
  const responses = compileResponses(context, definition, where);
  const effect = effectOf(method, definition['x-kosmo-effect'], where);
  if (definition['x-kosmo-effect'] === undefined) {
    notes.effectsGuessed += 1;
    if (method === 'POST' && soundsLikeReading.test(`${summary} ${operationId}`))
      notes.perhapsReads.push(where);
  }
  const example = documentedExampleOf(definition);
  const events = documentedEventsOf(definition['x-kosmo-events']);
  const keywords = stringOf(definition['x-kosmo-keywords']);
  return {
    slug,
    luaName: shortName(integration, summary, slug),
    aliases: [],
    effect,
    method,
    path,
    summary,
    tag: stringOf(listOf(definition['tags'])[0]),
    operationId,
    className: classNameOf(slug),
    description: stringOf(definition['description']),
    parameters,
    body,
    responses,
    auth,
    pagination: paginationOf(schemas, context.paging, {
      operationId,
      parameters,
      responses,
      answer: goodAnswer(document, definition, where),
    }),
    exclusiveGroups: exclusiveGroupsOf(definition),
    baseUrl: serverOf(definition['servers'] ?? item['servers'])?.url ?? null,
    deprecated: booleanOf(definition['deprecated'], false),
    ...(example === null ? {} : { example }),
    ...(events.length === 0 ? {} : { events }),
    ...(keywords === '' ? {} : { keywords }),
  };
}

/** A POST that is called so may change nothing; only a person can tell. */
const soundsLikeReading =
  /^(get|list|search|find|query|count|check|validate|preview|lookup|look up|retrieve|fetch|read|render|compare|calculate|estimate)\b|[/_.-](search|query|lookup|preview|validate|check|count)$/i;

/** The short name: the summary's, or that of the operation's own id where the summary makes none that can be used. */
function shortName(integration: string, summary: string, slug: string): string {
  const bySummary = luaNameOf(integration, summary);
  if (isUsableName(bySummary)) return bySummary;
  const byId = slug.slice(integration.length + 1);
  return isUsableName(byId) ? byId : slug;
}

function goodAnswer(document: JsonObject, definition: JsonObject, where: string): JsonObject {
  const entry = Object.entries(objectOf(definition['responses'])).find(([status]) =>
    status.startsWith('2'),
  )?.[1];
  return entry === undefined ? {} : dereference(document, entry, where);
}

function compileResponses(
  { document, schemas }: Context,
  definition: JsonObject,
  where: string,
): OperationResponse[] {
  return Object.entries(objectOf(definition['responses'])).map(([status, entry]) => {
    const response = dereference(document, entry, `${where} ${status}`);
    const content = Object.entries(objectOf(response['content']));
    const [contentType, media] = content.find(([type]) => type.includes('json')) ??
      content[0] ?? [null, null];
    const place = `${where} ${status}`;
    const schema = media === null ? undefined : schemaOfMedia(dereference(document, media, place));
    return {
      status,
      description: stringOf(response['description']) || stringOf(response['summary']),
      contentType,
      schema: schema === undefined ? null : schemas.compile(schema, place),
    };
  });
}

/** An alias is given only where it names one operation, and no other operation is called that. */
function withAliases(integration: string, operations: readonly Operation[]): Operation[] {
  const taken = new Set(operations.flatMap((operation) => [operation.slug, operation.luaName]));
  const counts = new Map<string, number>();
  const aliasOf = ({ method, path }: Operation) =>
    method === 'TOOL' ? '' : pathAliasOf(integration, method, path);
  for (const operation of operations)
    counts.set(aliasOf(operation), (counts.get(aliasOf(operation)) ?? 0) + 1);
  return operations.map((operation) => {
    const alias = aliasOf(operation);
    return counts.get(alias) === 1 && !taken.has(alias) ? { ...operation, aliases: [alias] } : operation;
  });
}

function reportOf(manifest: Manifest, notes: Notes): CompileReport {
  const { operations } = manifest;
  const byName = new Map<string, Operation[]>();
  for (const operation of operations)
    byName.set(operation.luaName, [...(byName.get(operation.luaName) ?? []), operation]);
  const pagination: Record<string, number> = {};
  for (const { pagination: paging } of operations)
    if (paging !== null) pagination[paging.style] = (pagination[paging.style] ?? 0) + 1;
  const degraded = new Map(notes.degraded.map((entry) => [`${entry.place} ${entry.reason}`, entry]));
  return {
    operations: operations.length,
    doubledNames: [...byName]
      .filter(([, sharing]) => sharing.length > 1)
      .map(([name, sharing]) => ({ name, functions: sharing.map(({ slug }) => slug) })),
    missingSummaries: notes.missingSummaries,
    unnamed: notes.unnamed,
    effectsGuessed: notes.effectsGuessed,
    perhapsReads: notes.perhapsReads,
    pagination,
    degraded: [...degraded.values()],
    namesOnly: tooLarge(manifest),
    unserved: notes.unserved,
    renamed: notes.renamed,
  };
}

function tooLarge(manifest: Manifest): CompileReport['namesOnly'] {
  return [...argumentSizes(manifest)].flatMap(([{ method, path }, size]) => {
    if (size <= largestChecked) return [];
    const millions = (size / 1_000_000).toFixed(1);
    return [{ operation: `${method} ${path}`, reason: `its schema is ${millions} MB` }];
  });
}

function exclusiveGroupsOf(definition: JsonObject): ExclusiveGroup[] {
  const groups: ExclusiveGroup[] = [];
  const places = [
    ['body', 'x-mutually-exclusive-body-groups'],
    ['query', 'x-mutually-exclusive-parameter-groups'],
  ] as const;
  for (const [place, extension] of places) {
    for (const [name, entry] of Object.entries(objectOf(definition[extension]))) {
      const group = objectOf(entry);
      const variants = Object.entries(objectOf(group['variants'])).map(
        ([variant, properties]) => [variant, listOf(properties).map(stringOf)] as const,
      );
      groups.push({
        name,
        in: place,
        optional: booleanOf(group['optional'], false),
        variants: Object.fromEntries(variants),
      });
    }
  }
  return groups;
}

import type { SourceDocument } from '../spec/document.ts';
import { dereference } from '../spec/references.ts';
import { KosmoError } from '../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { accountFieldsOf, authOf, credentialFieldsOf, credentialParameterOf } from './auth.ts';
import {
  type ExclusiveGroup,
  type HttpMethod,
  type Manifest,
  manifestFormat,
  type Operation,
  type OperationResponse,
} from './manifest.ts';
import { classNameOf, luaNameOf, pathAliasOf, slugOf } from './names.ts';
import { paginationOf, paginationStylesOf } from './pagination.ts';
import { compileParameters } from './parameters.ts';
import { booleanOf, effectOf, listOf, objectOf, stringOf } from './read-document.ts';
import { compileRequestBody } from './request-body.ts';
import { compileSchema } from './schema.ts';

const methods: readonly HttpMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Compiles an OpenAPI 3.1 document, overlays applied, to a manifest.
 * @param source where the document came from; its `content` is the document as read
 * @param document the document with its overlays applied
 * @throws KosmoError `document_invalid`, naming the operation
 */
export function compileManifest(
  integration: string,
  source: SourceDocument,
  document: JsonObject,
  overlays: readonly SourceDocument[],
): Manifest {
  const info = objectOf(document['info']);
  const operations = withAliases(integration, compileOperations(integration, document));
  return {
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
    baseUrl: serverOf(document['servers']) ?? '',
    tags: listOf(document['tags'])
      .map(objectOf)
      .map((tag) => ({ name: stringOf(tag['name']), description: stringOf(tag['description']) })),
    fields: accountFieldsOf(integration, document),
    operations,
    schemas: Object.fromEntries(
      Object.entries(objectOf(objectOf(document['components'])['schemas'])).map(([name, schema]) => [
        name,
        compileSchema(document, schema, `schema ${name}`),
      ]),
    ),
  };
}

function compileOperations(integration: string, document: JsonObject): Operation[] {
  const operations: Operation[] = [];
  const slugs = new Map<string, string>();
  for (const [path, entry] of Object.entries(objectOf(document['paths']))) {
    const item = dereference(document, entry, path);
    for (const method of methods) {
      const definition = item[method.toLowerCase()];
      if (!isJsonObject(definition)) continue;
      const operation = compileOperation(integration, document, item, definition, method, path);
      const other = slugs.get(operation.slug);
      const place = `${method} ${path}`;
      if (other !== undefined) {
        throw new KosmoError(
          'document_invalid',
          `${place} and ${other} have the same name, ${operation.slug}.`,
        );
      }
      slugs.set(operation.slug, place);
      operations.push(operation);
    }
  }
  return operations;
}

function compileOperation(
  integration: string,
  document: JsonObject,
  item: JsonObject,
  definition: JsonObject,
  method: HttpMethod,
  path: string,
): Operation {
  const where = `${method} ${path}`;
  const operationId = stringOf(definition['operationId']) || pathAliasOf('', method, path).slice(1);
  const slug = slugOf(integration, operationId);
  const summary = stringOf(definition['summary']);
  const auth = authOf(document, definition, credentialFieldsOf(document), where);
  const parameters = compileParameters(document, item, definition, path, where);
  const credential = credentialParameterOf(document, auth);
  if (credential !== null) {
    if (parameters.some(({ argument }) => argument === credential.argument)) {
      throw new KosmoError('document_invalid', `${where}: two parameters are called ${credential.argument}.`);
    }
    parameters.push(credential);
  }
  const responses = compileResponses(document, definition, where);
  return {
    slug,
    luaName: luaNameOf(integration, summary) || slug.slice(integration.length + 1),
    aliases: [],
    effect: effectOf(method, definition['x-kosmo-effect'], where),
    method,
    path,
    summary,
    tag: stringOf(listOf(definition['tags'])[0]),
    operationId,
    className: classNameOf(slug),
    description: stringOf(definition['description']),
    parameters,
    body: compileRequestBody(document, definition['requestBody'], where),
    responses,
    auth,
    pagination: paginationOf(document, paginationStylesOf(document), parameters, responses),
    exclusiveGroups: exclusiveGroupsOf(definition),
    baseUrl: serverOf(definition['servers'] ?? item['servers']),
    deprecated: booleanOf(definition['deprecated'], false),
  };
}

function compileResponses(document: JsonObject, definition: JsonObject, where: string): OperationResponse[] {
  return Object.entries(objectOf(definition['responses'])).map(([status, entry]) => {
    const response = dereference(document, entry, `${where} ${status}`);
    const content = Object.entries(objectOf(response['content']));
    const [contentType, media] = content.find(([type]) => type.includes('json')) ??
      content[0] ?? [null, null];
    const schema = objectOf(media)['schema'];
    return {
      status,
      description: stringOf(response['description']),
      contentType,
      schema: schema === undefined ? null : compileSchema(document, schema, `${where} ${status}`),
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

function serverOf(servers: JsonValue | undefined): string | null {
  const url = stringOf(objectOf(listOf(servers)[0])['url']);
  return url === '' ? null : url.replace(/\/+$/, '');
}

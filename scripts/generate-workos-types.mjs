// Writes build/generated/workos-operations.d.ts: the types of every operation of the compiled WorkOS document, for
// the handlers of the local server. It reads build/workos-openapi.json, which the compile step leaves there.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTypescript, { astToString } from 'openapi-typescript';

const source = fileURLToPath(new URL('../build/workos-openapi.json', import.meta.url));
const target = fileURLToPath(new URL('../build/generated/workos-operations.d.ts', import.meta.url));
const prose = new Set(['description', 'example', 'examples', 'summary', 'title', 'deprecated']);

/** The document without what makes types long and slow to check: prose, examples, and ways to say "not". */
function lean(value, insideNames = false) {
  if (Array.isArray(value)) return value.map((item) => lean(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = {};
  for (const [key, item] of Object.entries(value)) {
    // Under `properties` and the like a key is a name of the API's, whatever it looks like.
    if (!insideNames && (prose.has(key) || key === 'not')) continue;
    kept[key] = lean(item, !insideNames && (key === 'properties' || key === 'schemas' || key === 'paths'));
  }
  return insideNames ? kept : withoutExclusiveGroups(kept);
}

/**
 * A body with mutually exclusive groups comes as one schema for each choice. Validation holds that rule; for its
 * type one object with every choice optional says the same and can be read without narrowing.
 */
function withoutExclusiveGroups(schema) {
  // An operation names the groups of its body too.
  if (schema['x-mutually-exclusive-body-groups'] === undefined || schema.operationId !== undefined)
    return schema;
  const properties = {};
  const required = [];
  const take = (part, always) => {
    Object.assign(properties, part.properties);
    if (always) required.push(...(part.required ?? []));
    for (const inner of part.allOf ?? []) take(inner, always);
    for (const choice of part.oneOf ?? []) take(choice, false);
  };
  take(schema, true);
  return { type: 'object', properties, required };
}

const ast = await openapiTypescript(lean(JSON.parse(readFileSync(source, 'utf8'))));
mkdirSync(fileURLToPath(new URL('../build/generated/', import.meta.url)), { recursive: true });
writeFileSync(target, astToString(ast));

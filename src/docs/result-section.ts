import {
  type JsonSchema,
  type Operation,
  propertiesOf,
  resolve,
  type SchemaLookup,
  variantsOf,
} from '../manifest/index.ts';
import { isJsonObject } from '../support/json.ts';
import { firstSentence } from './prose.ts';
import { composed, descriptionOf, itemsOf, typeWords } from './schema-words.ts';

const deepest = 4;

/** What an operation gives back, as a shape with the meaning of each field beside it. */
export function resultSection(operation: Operation, lookup: SchemaLookup): string[] {
  const success = operation.responses.find(({ status }) => status.startsWith('2') || status === 'default');
  if (operation.responses.some(({ status }) => status.startsWith('3'))) {
    return ['## Returns', '', '`{ url = "…" }`: where the operation sends a browser. It is not followed.'];
  }
  if (success?.schema === undefined || success.schema === null) return ['## Returns', '', 'Nothing (nil).'];
  return ['## Returns', '', '```', ...shape(success.schema, lookup, '', [], 0), '```'];
}

function shape(
  schema: JsonSchema,
  lookup: SchemaLookup,
  indent: string,
  open: readonly JsonSchema[],
  depth: number,
): string[] {
  const resolved = resolve(schema, lookup);
  const variants = (['oneOf', 'anyOf'] as const)
    .flatMap((keyword) => variantsOf(resolved, keyword, lookup))
    .filter((variant) => hasFields(variant, lookup));
  const parts = [
    ...composed(resolved, lookup),
    ...variants.slice(0, 1).flatMap((variant) => composed(variant, lookup)),
  ];
  const lines: string[] = [];
  const seen = new Set<string>();
  for (const part of parts) {
    for (const [name, property] of Object.entries(propertiesOf(part))) {
      if (seen.has(name) || !isJsonObject(property)) continue;
      seen.add(name);
      lines.push(...field(name, property, lookup, indent, [...open, resolved], depth));
    }
  }
  if (lines.length === 0) lines.push(`${indent}${plain(typeWords(resolved, lookup))}`);
  return lines;
}

function field(
  name: string,
  property: JsonSchema,
  lookup: SchemaLookup,
  indent: string,
  open: readonly JsonSchema[],
  depth: number,
): string[] {
  const items = itemsOf(property, lookup);
  const inner = items ?? resolve(property, lookup);
  const sentence = firstSentence(descriptionOf(property, lookup));
  const words = sentence === '' ? '' : `  -- ${sentence}`;
  const suffix = items === null ? '' : '[]';
  const opens = hasFields(inner, lookup) && depth < deepest && !open.includes(inner);
  if (!opens) return [`${indent}${name}: ${plain(typeWords(property, lookup))}${words}`];
  return [`${indent}${name}${suffix}:${words}`, ...shape(inner, lookup, `${indent}  `, open, depth + 1)];
}

function hasFields(schema: JsonSchema, lookup: SchemaLookup): boolean {
  const parts = composed(schema, lookup);
  if (parts.some((part) => Object.keys(propertiesOf(part)).length > 0)) return true;
  return (['oneOf', 'anyOf'] as const).some((keyword) =>
    variantsOf(schema, keyword, lookup).some((variant) => Object.keys(propertiesOf(variant)).length > 0),
  );
}

/** Inside a code block, words need no marks. */
function plain(words: string): string {
  return words.replaceAll('`', '');
}

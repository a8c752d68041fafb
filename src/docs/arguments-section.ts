import {
  type JsonSchema,
  type Operation,
  propertiesOf,
  resolve,
  type SchemaLookup,
  variantsOf,
} from '../manifest/index.ts';
import { isJsonObject, type JsonValue, stringifyJson } from '../support/json.ts';
import { cell } from './prose.ts';
import { composed, descriptionOf, itemsOf, typeWords } from './schema-words.ts';

/** One line of the table. */
interface Row {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly meaning: string;
}

const deepest = 4;

/** Every argument of an operation: parameters, then the body's properties by dotted path. */
export function argumentsSection(operation: Operation, lookup: SchemaLookup): string[] {
  const rows = operation.parameters.map((parameter): Row => {
    const alias = parameter.alias === null ? '' : ` Also accepted as \`${parameter.alias}\`.`;
    return {
      name: parameter.argument,
      type: typeWords(parameter.schema, lookup),
      required: parameter.required && parameter.accountDefault.length === 0,
      meaning: meaning(parameter.description, parameter.schema, parameter.accountDefault, lookup) + alias,
    };
  });
  const lines = rows.length === 0 ? [] : table(rows);
  if (operation.body !== null) lines.push(...bodySection(operation, lookup, rows.length > 0));
  const groups = operation.exclusiveGroups.map((group) => {
    const variants = Object.values(group.variants).map((names) =>
      names.map((name) => `\`${name}\``).join(' with '),
    );
    return `- ${group.optional ? 'At most one of these' : 'Exactly one of these'}: ${variants.join(', or ')}.`;
  });
  if (lines.length === 0) return ['## Arguments', '', 'None.'];
  return ['## Arguments', '', ...lines, ...(groups.length > 0 ? ['', ...groups] : [])];
}

function bodySection(operation: Operation, lookup: SchemaLookup, follows: boolean): string[] {
  const { body } = operation;
  if (body === null) return [];
  const schema = resolve(body.schema, lookup);
  const defaults = body.accountDefaults;
  const lines = follows
    ? ['', 'Body (under `body`, or beside the arguments above):', '']
    : ['Body (under `body`, or as arguments):', ''];
  const common = bodyRows(schema, lookup, '', defaults, [], 0);
  const variants = composed(schema, lookup)
    .flatMap((part) => [...variantsOf(part, 'oneOf', lookup), ...variantsOf(part, 'anyOf', lookup)])
    .map((variant) => ({
      title: variantTitle(variant, lookup),
      rows: bodyRows(variant, lookup, '', defaults, [], 0),
    }));
  // Variants that no constant tells apart are the groups named below the table, which say what goes with what.
  for (const { title, rows } of variants) {
    if (title === null) common.push(...rows.map((row) => ({ ...row, required: false })));
  }
  const titled = variants.filter(({ title }) => title !== null);
  const shared = titled[0]?.rows.filter((row) => titled.every(({ rows }) => rows.some(sameAs(row)))) ?? [];
  common.push(...shared);
  if (common.length > 0) lines.push(...table(withoutRepeats(common)));
  for (const { title, rows } of titled) {
    const own = rows.filter((row) => !shared.some(sameAs(row)));
    if (lines.at(-1) !== '') lines.push('');
    lines.push(`${title}:`, '', ...table(own));
  }
  return lines;
}

function sameAs(row: Row): (other: Row) => boolean {
  return (other) =>
    other.name === row.name &&
    other.type === row.type &&
    other.required === row.required &&
    other.meaning === row.meaning;
}

function withoutRepeats(rows: readonly Row[]): Row[] {
  return rows.filter((row, index) => rows.findIndex((other) => other.name === row.name) === index);
}

/** What tells a variant from the others: its constant properties. Null when it has none. */
function variantTitle(variant: JsonSchema, lookup: SchemaLookup): string | null {
  const constants = Object.entries(propertiesOf(variant)).flatMap(([name, property]) => {
    const constant = resolve(property, lookup)['const'];
    return constant === undefined ? [] : [`\`${name}\` is \`${stringifyJson(constant)}\``];
  });
  return constants.length === 0 ? null : `When ${constants.join(' and ')}`;
}

function bodyRows(
  schema: JsonSchema,
  lookup: SchemaLookup,
  prefix: string,
  defaults: Readonly<Record<string, readonly string[]>>,
  open: readonly JsonSchema[],
  depth: number,
): Row[] {
  const rows: Row[] = [];
  const seen = new Set<string>();
  for (const part of composed(schema, lookup)) {
    const required = Array.isArray(part['required']) ? part['required'] : [];
    for (const [name, property] of Object.entries(propertiesOf(part))) {
      if (seen.has(name) || !isJsonObject(property)) continue;
      seen.add(name);
      const fields = depth === 0 ? (defaults[name] ?? []) : [];
      rows.push({
        name: prefix + name,
        type: typeWords(property, lookup),
        required: required.includes(name) && fields.length === 0,
        meaning: meaning(descriptionOf(property, lookup), property, fields, lookup),
      });
      rows.push(...nestedRows(property, lookup, prefix + name, open, depth));
    }
  }
  return rows;
}

function nestedRows(
  property: JsonSchema,
  lookup: SchemaLookup,
  name: string,
  open: readonly JsonSchema[],
  depth: number,
): Row[] {
  const items = itemsOf(property, lookup);
  const inner = items ?? resolve(property, lookup);
  if (depth >= deepest || open.includes(inner)) return [];
  const prefix = items === null ? `${name}.` : `${name}[].`;
  const variants = (['oneOf', 'anyOf'] as const).flatMap((keyword) => variantsOf(inner, keyword, lookup));
  const parts = variants.length === 0 ? [inner] : [inner, ...variants];
  const rows = parts.flatMap((part) => bodyRows(part, lookup, prefix, {}, [...open, inner], depth + 1));
  return withoutRepeats(rows);
}

function meaning(
  description: string,
  schema: JsonSchema,
  accountFields: readonly string[],
  lookup: SchemaLookup,
): string {
  const resolved = resolve(schema, lookup);
  const notes: string[] = [];
  const standard: JsonValue | undefined = resolved['default'];
  if (standard !== undefined && standard !== null) notes.push(`Default \`${stringifyJson(standard)}\`.`);
  if (accountFields.length > 0) notes.push(`Default: the account’s ${accountFields.join(', else its ')}.`);
  if (resolved['deprecated'] === true) notes.push('Deprecated.');
  return [cell(description), ...notes].filter((part) => part !== '').join(' ');
}

function table(rows: readonly Row[]): string[] {
  const lines = rows.map(({ name, type, required, meaning: words }) => {
    return `| \`${name}\` | ${type.replaceAll('|', '\\|')} | ${required ? 'yes' : 'no'} | ${words} |`;
  });
  return ['| Argument | Type | Required | Meaning |', '| --- | --- | --- | --- |', ...lines];
}

import type { Integration } from '../catalog/index.ts';
import type { IndexedOperation } from '../manifest/index.ts';
import { luaPath } from './lua-text.ts';
import { shapeOf } from './schema-shape.ts';
import { typeWords } from './schema-words.ts';

/** Enough of a function to call it right at once. */
export interface Signature {
  /** `app.integrations.workos.create_user{ email: string, first_name?: string, … }` */
  readonly signature: string;
  /** The arguments it needs. */
  readonly required: readonly string[];
}

/** How many optional arguments a signature names. */
const mostOptional = 8;
/** How many of a list of values are named. */
const fewValues = 4;

export function signatureOf(integration: Integration, entry: IndexedOperation): Signature {
  const { reader } = integration;
  const operation = reader.operation(entry);
  const lookup = (name: string) => reader.schema(name);
  const { body } = operation;
  const taken = new Set(operation.parameters.map(({ argument }) => argument));
  const { fields, variants } = body === null ? { fields: [], variants: [] } : shapeOf(body.schema, lookup);
  const args = [
    ...operation.parameters.map(({ argument, schema, required, accountDefault }) => ({
      name: argument,
      type: typeWords(schema, lookup, fewValues),
      required: required && accountDefault.length === 0,
    })),
    ...fields.map(({ name, schema, required }) => ({
      // A property that is called as a parameter is has to stand under `body`.
      name: taken.has(name) ? `body.${name}` : name,
      type: typeWords(schema, lookup, fewValues),
      required: required && body?.accountDefaults[name] === undefined,
    })),
    // The constant that says which variant is meant; the page says what goes with it.
    ...discriminators(variants.map(({ when }) => when ?? '')),
  ];
  const required = args.filter((argument) => argument.required);
  const optional = args.filter((argument) => !argument.required);
  const shown = [
    ...required.map(({ name, type }) => `${name}: ${type}`),
    ...optional.slice(0, mostOptional).map(({ name, type }) => `${name}?: ${type}`),
    ...(optional.length > mostOptional || variants.length > 0 ? ['…'] : []),
  ].map((text) => text.replaceAll('`', ''));
  const shared = integration.find(entry.luaName).length > 1;
  const path = luaPath(integration.name, shared ? entry.slug : entry.luaName);
  return {
    signature: `${path}${shown.length === 0 ? '{}' : `{ ${shown.join(', ')} }`}`,
    required: required.map(({ name }) => name),
  };
}

function discriminators(conditions: readonly string[]) {
  const found = new Map<string, string[]>();
  for (const condition of conditions) {
    const [, name, value] = /^`([^`]+)` is `([^`]+)`/.exec(condition) ?? [];
    if (name !== undefined && value !== undefined) found.set(name, [...(found.get(name) ?? []), value]);
  }
  return [...found].map(([name, values]) => {
    const more = values.length > fewValues ? ` and ${values.length - fewValues} more` : '';
    return { name, type: `${values.slice(0, fewValues).join(', ')}${more}`, required: true };
  });
}

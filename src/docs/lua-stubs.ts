import type { Integration } from '../catalog/index.ts';
import { type IndexedOperation, type JsonSchema, type Operation, resolve } from '../manifest/index.ts';
import { fieldLine, fieldsOf, isObject, luaType, type Manner, union } from './luacats-type.ts';
import { prose } from './prose.ts';
import { shapeOf } from './schema-shape.ts';

/**
 * Annotations of an integration’s functions for lua-language-server: a class for each table of arguments and each
 * schema that the document names, and each function under every name it goes by.
 * @param accounts the names of its accounts, beside `default`
 */
export function luaStubs(integration: Integration, accounts: readonly string[]): string {
  const { name, reader } = integration;
  const prefix = name.replace(/[^A-Za-z0-9_.]+/g, '_');
  const operations = reader.index.operations.map((entry) => reader.operation(entry));
  const lookup = (schema: string) => reader.schema(schema);
  const named = reader.schemasOf(
    ...operations.flatMap((operation) => [
      ...operation.parameters.map(({ schema }) => schema),
      operation.body?.schema ?? null,
      answerOf(operation),
    ]),
  );
  const names = classNames(Object.keys(named), prefix);
  const manner = (direction: Manner['direction']): Manner => ({
    lookup,
    direction,
    nameOf: (schema) => names.get(schema) ?? 'table',
  });
  const classes = Object.entries(named)
    .filter(([, schema]) => isObject(schema))
    .map(([schema, content]) => schemaClass(names.get(schema) ?? schema, content, manner('returned')));
  const table = `${prefix}.Functions`;
  const lines = [
    '---@meta',
    '',
    `-- ${reader.index.title} for kosmo, made by kosmo docs:stubs. It is read by lua-language-server and never run.`,
    '',
    ...classes,
    `---@class ${table}`,
    'local functions = {}',
    '',
    ...functionsOf(integration, prefix, manner),
    `---@class ${prefix}.Accounts: ${table}`,
    ...[...new Set(['default', ...accounts])].map((account) => `---@field ${account} ${table}`),
    '',
    'return functions',
  ];
  return `${lines.join('\n')}\n`;
}

/** How the table of integrations and servers names what these files declare. */
export function stubClassOf({ name }: Integration): string {
  return `${name.replace(/[^A-Za-z0-9_.]+/g, '_')}.Accounts`;
}

function functionsOf(
  integration: Integration,
  prefix: string,
  manner: (direction: Manner['direction']) => Manner,
): string[] {
  const lines: string[] = [];
  const seen = new Set<string>();
  for (const entry of integration.reader.index.operations) {
    const operation = integration.reader.operation(entry);
    const own = classOf(prefix, entry);
    lines.push(...argumentsClass(own, operation, manner('given')), '');
    if (seen.has(entry.luaName)) continue;
    seen.add(entry.luaName);
    const sharing = integration.find(entry.luaName);
    const others = sharing.filter(({ slug }) => slug !== entry.slug);
    lines.push(
      ...documentation(integration.name, operation),
      ...others.map((other) => {
        const second = integration.reader.operation(other);
        return `---@overload fun(args: ${classOf(prefix, other)}.Arguments): ${resultOf(second, manner('returned'))}`;
      }),
      `---@param args${takesNothing(operation) ? '?' : ''} ${own}.Arguments`,
      `---@return ${resultOf(operation, manner('returned'))}`,
      `function functions${index(entry.luaName)}(args) end`,
      '',
    );
  }
  // A class’s own names come first: what stands behind them refers to them.
  for (const entry of integration.reader.index.operations) {
    for (const name of [entry.slug, ...entry.aliases]) {
      if (seen.has(name)) continue;
      seen.add(name);
      const [only, ...others] = integration.find(entry.luaName);
      const operation = integration.reader.operation(entry);
      lines.push(
        ...(only !== undefined && others.length === 0
          ? [`functions${index(name)} = functions${index(entry.luaName)}`]
          : [
              ...documentation(integration.name, operation),
              `---@param args${takesNothing(operation) ? '?' : ''} ${classOf(prefix, entry)}.Arguments`,
              `---@return ${resultOf(operation, manner('returned'))}`,
              `functions${index(name)} = function(args) end`,
            ]),
      );
    }
  }
  return [...lines, ''];
}

function classOf(prefix: string, { slug }: IndexedOperation): string {
  return `${prefix}.${slug.replace(/[^A-Za-z0-9_]+/g, '_')}`;
}

function documentation(integration: string, operation: Operation): string[] {
  const { summary, description, effect, luaName, events = [] } = operation;
  const words = prose(description);
  return [
    `---${summary} (${effect}${operation.deprecated ? ', deprecated' : ''})`,
    ...(words === '' || words === summary ? [] : ['---', ...words.split('\n').map((line) => `---${line}`)]),
    ...(events.length === 0 ? [] : ['---', `---Events: ${events.join(', ')}`]),
    '---',
    `---\`kosmo integrations:docs ${integration}.${luaName}\``,
    ...(operation.deprecated ? ['---@deprecated'] : []),
  ];
}

/** Parameters, and a body’s properties beside them: each optional where the other spelling would do. */
function argumentsClass(name: string, operation: Operation, manner: Manner): string[] {
  const { parameters, body } = operation;
  const lines = [`---@class ${name}.Arguments`];
  const taken = new Set<string>();
  const add = (field: string, required: boolean, type: string, description: string) => {
    if (taken.has(field)) return;
    taken.add(field);
    lines.push(fieldLine(field, required, type, description));
  };
  for (const { argument, alias, schema, required, description, accountDefault } of parameters) {
    const type = luaType(schema, manner);
    add(argument, required && accountDefault.length === 0 && alias === null, type, description);
    if (alias !== null) add(alias, false, type, description);
  }
  if (body === null) return lines;
  const isTable = body.isArgumentTable === true;
  const { fields, variants } = shapeOf(body.schema, manner.lookup);
  for (const { name: field, schema, required, description } of fields) {
    // It may stand under `body` as well, but for a tool, whose arguments are the body.
    add(field, required && isTable, luaType(schema, manner), description);
  }
  for (const field of variants.flatMap((variant) => variant.fields)) {
    add(field.name, false, luaType(field.schema, manner), field.description);
  }
  if (!isTable) add('body', false, luaType(body.schema, manner), 'The body as a whole.');
  return lines;
}

function takesNothing({ parameters, body }: Operation): boolean {
  return parameters.every(({ required }) => !required) && body?.required !== true;
}

function schemaClass(name: string, schema: JsonSchema, manner: Manner): string {
  const lines = fieldsOf(schema, manner.lookup).map(([field, property, required]) => {
    const described = property['description'] ?? resolve(property, manner.lookup)['description'];
    const type = luaType(property, manner);
    const optional = !required || type.split('|').includes('nil');
    return fieldLine(field, !optional, type, typeof described === 'string' ? described : '');
  });
  return [`---@class ${name}`, ...lines, ''].join('\n');
}

function resultOf(operation: Operation, manner: Manner): string {
  if (operation.responses.some(({ status }) => status.startsWith('3'))) return '{ url: string }';
  const answer = answerOf(operation);
  if (answer === null) return operation.method === 'TOOL' ? 'any' : 'nil';
  return union([luaType(answer, manner)]);
}

function answerOf({ responses }: Operation): JsonSchema | null {
  return responses.find(({ status }) => status.startsWith('2') || status === 'default')?.schema ?? null;
}

/** `.list_users`, or `["close-issue"]`. */
function index(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** A class’s name for each schema; names that would be the same are numbered. */
function classNames(schemas: readonly string[], prefix: string): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const schema of schemas) {
    const plain = `${prefix}.schemas.${schema.replace(/[^A-Za-z0-9_]+/g, '_')}`;
    let name = plain;
    for (let number = 2; taken.has(name); number += 1) name = `${plain}_${number}`;
    taken.add(name);
    names.set(schema, name);
  }
  return names;
}

import type { Auth, IndexedOperation, ManifestReader, Operation, Pagination } from '../manifest/index.ts';
import type { JsonObject } from '../support/json.ts';
import { argumentsSection } from './arguments-section.ts';
import { errorsSection } from './errors-section.ts';
import { exampleArguments } from './example-arguments.ts';
import { luaTable, shellWord } from './lua-text.ts';
import { prose } from './prose.ts';
import { resultSection } from './result-section.ts';

/** A page about one function, or about the functions that share a Lua name. */
export function functionPage(
  integration: string,
  reader: ManifestReader,
  entries: readonly IndexedOperation[],
): string {
  const pages = entries.map((entry) =>
    onePage(integration, reader, reader.operation(entry), entries.length > 1),
  );
  if (pages.length === 1) return pages.join('');
  const names = entries.map(({ slug }) => `\`${integration}.${slug}\``).join(' and ');
  const shared = entries[0]?.luaName ?? '';
  return `\`${shared}\` names ${entries.length} functions, ${names}: the required arguments that are given decide which is called. Their full names work too.\n\n${pages.join('\n')}`;
}

function onePage(integration: string, reader: ManifestReader, operation: Operation, shared: boolean): string {
  const lookup = (name: string) => reader.schema(name);
  const lines = [
    `# ${integration}.${shared ? operation.slug : operation.luaName}`,
    '',
    `${operation.summary}${operation.deprecated ? ' (deprecated)' : ''}`,
  ];
  const description = prose(operation.description);
  if (description !== '' && description !== operation.summary) lines.push('', description);
  lines.push(
    '',
    `- Lua: \`app.integrations.${integration}.${operation.luaName}\``,
    `- Full name: \`${integration}.${operation.slug}\`${aliases(operation)}`,
    `- Effect: ${effectWords(operation)}`,
    `- Request: ${operation.method} \`${operation.path}\`, ${authWords(operation)}`,
    '',
    ...argumentsSection(operation, lookup),
    '',
    ...resultSection(operation, lookup),
  );
  if (operation.pagination !== null) {
    lines.push('', paginationWords(integration, operation, operation.pagination));
  }
  const errors = errorsSection(operation, lookup);
  if (errors.length > 0) lines.push('', ...errors);
  lines.push('', ...examplesSection(integration, operation, lookup, shared));
  return `${lines.join('\n')}\n`;
}

function paginationWords(integration: string, operation: Operation, pagination: Pagination): string {
  const rows =
    pagination.items === ''
      ? 'The answer is a page of a list'
      : `A page of a list, the rows in \`${pagination.items}\``;
  const name = `app.integrations.${integration}.${operation.luaName}`;
  const every = `\`for row in paginate(${name}, { … }) do\` gives the rows of every page`;
  if (pagination.style !== 'cursor') return `${rows}; ${every}.`;
  const { next, argument } = pagination;
  return `${rows}; ${every}. By hand: while \`${next}\` is not nil, pass it as \`${argument}\`.`;
}

function aliases(operation: Operation): string {
  return operation.aliases.length === 0 ? '' : `; alias \`${operation.aliases.join('`, `')}\``;
}

function effectWords({ effect }: Operation): string {
  switch (effect) {
    case 'read':
      return 'read; allowed by default';
    case 'write':
      return 'write; asks for approval on a remote account (`--force` approves), allowed on the local server';
    case 'destructive':
      return 'destructive; asks for approval on a remote account (`--force` approves), allowed on the local server';
  }
}

function authWords({ auth }: Operation): string {
  return auth === null ? 'without credentials' : `with the account’s ${credentialWords(auth)}`;
}

function credentialWords(auth: Auth): string {
  switch (auth.kind) {
    case 'basic':
      return `${auth.userField} and ${auth.passwordField}`;
    case 'all':
      return auth.of.map(credentialWords).join(' and ');
    case 'any':
      return `${auth.of.map(credentialWords).join(', or its ')}${auth.optional ? ', or without credentials' : ''}`;
    default:
      return auth.field;
  }
}

function examplesSection(
  integration: string,
  operation: Operation,
  lookup: Parameters<typeof exampleArguments>[1],
  shared: boolean,
): string[] {
  const path = `app.integrations.${integration}.${shared ? operation.slug : operation.luaName}`;
  const required = exampleArguments(operation, lookup, 'required');
  const full = exampleArguments(operation, lookup, 'full');
  const lines = ['## Examples', '', '```lua', `local result = ${call(path, required)}`];
  if (Object.keys(full).length > Object.keys(required).length) {
    lines.push('', '-- with optional arguments', `local result = ${call(path, full)}`);
  }
  const force = operation.effect === 'read' ? '' : ' --force';
  const program = `dump(${call(path, required).replace(/\s*\n\s*/g, ' ')})`;
  return [
    ...lines,
    '```',
    '',
    '```sh',
    `kosmo integrations:lua --eval ${shellWord(program)}${force} --json`,
    '```',
  ];
}

function call(path: string, args: JsonObject): string {
  return `${path}${luaTable(args)}`;
}

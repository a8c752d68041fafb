import type { Integration } from '../catalog/index.ts';
import type { Auth, IndexedOperation, Operation, Pagination, SchemaLookup } from '../manifest/index.ts';
import { argumentsPart } from './arguments-section.ts';
import { errorsPart } from './errors-section.ts';
import { examplesOf } from './function-examples.ts';
import { luaPath } from './lua-text.ts';
import { fixed, flexible, type Page, type Part } from './page.ts';
import { firstSentence, prose } from './prose.ts';
import { resultPart } from './result-section.ts';

/** A page about one function, or about the functions that share a Lua name. */
export function functionPage(integration: Integration, entries: readonly IndexedOperation[]): Page {
  const { name, reader } = integration;
  const lookup = (schema: string) => reader.schema(schema);
  const isShared = ({ luaName }: IndexedOperation) => integration.find(luaName).length > 1;
  const parts = entries.flatMap((entry) => partsOf(name, reader.operation(entry), lookup, isShared(entry)));
  const [first] = entries;
  if (first === undefined || entries.length > 1) {
    const names = entries.map(({ slug }) => `\`${name}.${slug}\``).join(' and ');
    const words = `\`${first?.luaName ?? ''}\` names ${entries.length} functions, ${names}: the required arguments that are given decide which is called. Their full names work too.`;
    return { name: `${name}.${first?.luaName ?? ''}`, parts: [fixed(words), ...parts] };
  }
  return { name: `${name}.${isShared(first) ? first.slug : first.luaName}`, parts };
}

function partsOf(integration: string, operation: Operation, lookup: SchemaLookup, shared: boolean): Part[] {
  const title = `# ${integration}.${shared ? operation.slug : operation.luaName}`;
  const { summary, deprecated, pagination } = operation;
  return [
    fixed(`${title}\n\n${summary}${deprecated ? ' (deprecated)' : ''}`),
    ...descriptionPart(operation),
    factsPart(integration, operation),
    argumentsPart(operation, lookup),
    resultPart(operation, lookup),
    ...(pagination === null ? [] : [fixed(paginationWords(integration, operation, pagination))]),
    errorsPart(operation, lookup),
    ...eventsPart(operation),
    examplesPart(integration, operation, lookup, shared),
  ];
}

function descriptionPart({ description, summary }: Operation): Part[] {
  const words = prose(description);
  if (words === '' || words === summary || words === `${summary}.`) return [];
  const sentence = firstSentence(words);
  const lacks = 'the rest of its description';
  return [
    flexible(words, ...(sentence === words ? [] : [{ text: sentence, lacks, loss: 12 }]), {
      text: '',
      lacks: 'its description',
      loss: 55,
    }),
  ];
}

function factsPart(integration: string, operation: Operation): Part {
  const { luaName, slug, aliases, method, path } = operation;
  const lua = `- Lua: \`${luaPath(integration, luaName)}\``;
  const alias = aliases.length === 0 ? '' : `; alias \`${aliases.join('`, `')}\``;
  const names = `- Full name: \`${integration}.${slug}\`${alias}`;
  const effect = `- Effect: ${effectWords(operation)}`;
  const request =
    method === 'TOOL'
      ? `- A tool of the MCP server ${integration.slice('mcp.'.length)}`
      : `- Request: ${method} \`${path}\`, ${authWords(operation)}`;
  return flexible(
    [lua, names, effect, request].join('\n'),
    { text: [lua, effect, request].join('\n'), lacks: 'its other names', loss: 8 },
    { text: [lua, `- Effect: ${operation.effect}`].join('\n'), lacks: 'its request', loss: 40 },
  );
}

function paginationWords(integration: string, operation: Operation, pagination: Pagination): string {
  const rows =
    pagination.items === ''
      ? 'The answer is a page of a list'
      : `A page of a list, the rows in \`${pagination.items}\``;
  const name = luaPath(integration, operation.luaName);
  const every = `\`for row in paginate(${name}, { … }) do\` gives the rows of every page`;
  if (pagination.style !== 'cursor') return `${rows}; ${every}.`;
  const { next, argument } = pagination;
  return `${rows}; ${every}. By hand: while \`${next}\` is not nil, pass it as \`${argument}\`.`;
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

/** What an operation causes beside its answer, as far as its overlay says. */
function eventsPart({ events = [] }: Operation): Part[] {
  if (events.length === 0) return [];
  const names = events.map((event) => `\`${event}\``).join(', ');
  return [
    flexible(
      `## Events\n\n${names}`,
      { text: `Events: ${events.join(', ')}.`, lacks: null, loss: 17 },
      {
        text: '',
        lacks: 'the events it causes',
        loss: 45,
      },
    ),
  ];
}

function examplesPart(
  integration: string,
  operation: Operation,
  lookup: SchemaLookup,
  shared: boolean,
): Part {
  const { needs, before, minimal, full, command } = examplesOf(integration, operation, lookup, shared);
  const needed = needs === '' ? '' : `Needs: ${needs}\n\n`;
  const first = [...(before === '' ? [] : [before]), `local result = ${minimal}`];
  const withOptional = full === null ? [] : ['', '-- with optional arguments', `local result = ${full}`];
  const lua = (...lines: readonly string[]) => ['```lua', ...lines, '```'].join('\n');
  const shell = ['```sh', command, '```'].join('\n');
  const short = full === null ? null : 'an example with optional arguments';
  const shorter = short === null ? 'the command line' : `${short}, the command line`;
  return flexible(
    `## Examples\n\n${needed}${lua(...first, ...withOptional)}\n\n${shell}`,
    { text: `## Examples\n\n${needed}${lua(...first)}\n\n${shell}`, lacks: short, loss: 18 },
    { text: `${needed}${lua(...first)}`, lacks: shorter, loss: 22 },
    ...(before === ''
      ? []
      : [
          {
            text: lua(`local result = ${minimal}`),
            lacks: `${shorter}, what an example needs first`,
            loss: 75,
          },
        ]),
  );
}

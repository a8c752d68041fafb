import type { CallToolResult } from '@modelcontextprotocol/server';
import type { SearchResult, Unsearched } from '../../docs/index.ts';
import { argumentFault, type Given, textArgument } from './arguments.ts';
import type { GatewayRuntime } from './contract.ts';
import { shownError } from './shown.ts';

/** `lua_list_docs`: what pages there are. */
export async function listDocs(runtime: GatewayRuntime, given: Given): Promise<CallToolResult> {
  const fault = argumentFault('lua_list_docs', given, {});
  if (fault !== null) return shownError(fault);
  const pages = (await runtime.docs()).list().map(({ name, summary }) => ({ page: name, summary }));
  const text = pages.map(({ page, summary }) => `${page}: ${summary}`).join('\n');
  return { content: [{ type: 'text', text }], structuredContent: { pages } };
}

/** `lua_search_docs`: functions and pages for plain words. */
export async function searchDocs(runtime: GatewayRuntime, given: Given): Promise<CallToolResult> {
  const fault = argumentFault('lua_search_docs', given, {
    query: { type: 'string', required: true },
    limit: { type: 'integer' },
  });
  if (fault !== null) return shownError(fault);
  const query = textArgument(given, 'query') ?? '';
  const limit = typeof given['limit'] === 'number' ? Math.min(50, Math.max(1, given['limit'])) : 8;
  const { results: found, unsearched } = await (await runtime.docs()).search(query, { limit });
  const results = found.map(resultOf);
  const lines = results.map(
    ({ page, effect, summary, signature }) =>
      `${page}${effect === undefined ? '' : ` (${effect})`}: ${summary}${signature === undefined ? '' : `\n  ${signature}`}`,
  );
  if (lines.length === 0) lines.push('Nothing was found. Try other words, or lua_list_docs.');
  if (unsearched.length > 0) lines.push(leftOut(unsearched));
  return {
    content: [{ type: 'text', text: lines.join('\n') }],
    structuredContent: { results, ...(unsearched.length === 0 ? {} : { not_searched: [...unsearched] }) },
  };
}

/** How many servers that were left out are told with the reason. */
const mostReasons = 3;

function leftOut(unsearched: readonly Unsearched[]): string {
  const told = unsearched.slice(0, mostReasons).map(({ server, reason }) => `mcp.${server} (${reason})`);
  const more = unsearched.slice(mostReasons).map(({ server }) => `mcp.${server}`);
  return `Not searched: ${[...told, ...more].join(', ')}. Search again later, or read its page.`;
}

function resultOf({ name, summary, effect, signature, required }: SearchResult) {
  return {
    page: name,
    ...(effect === undefined ? {} : { effect }),
    summary,
    ...(signature === undefined ? {} : { signature, required: required ?? [] }),
  };
}

/** `lua_read_doc`: a page as short as an agent has room for, which says what it left out. */
export async function readDoc(runtime: GatewayRuntime, given: Given): Promise<CallToolResult> {
  const fault = argumentFault('lua_read_doc', given, {
    page: { type: 'string', required: true },
    tokens: { type: 'integer' },
  });
  if (fault !== null) return shownError(fault);
  const page = await (await runtime.docs()).read(textArgument(given, 'page') ?? '', {
    tokens: typeof given['tokens'] === 'number' ? given['tokens'] : 'usual',
    ask: (name, tokens) => `lua_read_doc { page: "${name}", tokens: ${tokens} }`,
  });
  return 'code' in page ? shownError(page) : { content: [{ type: 'text', text: page.markdown }] };
}

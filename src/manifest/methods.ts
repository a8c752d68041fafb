import type { Effect } from './manifest.ts';

/** The methods that have a field of their own in a path of a document. */
export const documentedMethods: readonly string[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'QUERY',
];

/** Methods that change nothing: RFC 9110, and the registry it made for those that came after it. */
const reading = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY', 'SEARCH', 'PROPFIND', 'REPORT']);

/** Methods that take something away. */
const destroying = new Set(['DELETE', 'PURGE', 'UNBIND', 'UNLINK']);

/** What a method does, where nothing else says it. */
export function effectOfMethod(method: string): Effect {
  if (reading.has(method)) return 'read';
  return destroying.has(method) ? 'destructive' : 'write';
}

/** Why no request of a method is made; null when one is. */
export function unsentMethod(method: string): string | null {
  if (method === 'TRACE' || method === 'CONNECT') return `no request of the method ${method} is made`;
  // What a tool of an MCP server has in place of a method.
  if (method === 'TOOL') return 'TOOL is a method of kosmo’s own';
  return /^[A-Za-z0-9!#$%&'*+.^_|~-]+$/.test(method) ? null : `${JSON.stringify(method)} is no method`;
}

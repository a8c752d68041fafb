/**
 * The servers that a program names, as far as its text shows: `app.mcp.NAME`, `app.mcp["NAME"]`, and a name that is
 * given to a function of `mcp`. It may name too many, never too few of those written out.
 */
export function namedServers(source: string): Set<string> {
  const patterns = [
    /\bmcp\s*\.\s*([A-Za-z_]\w*)/g,
    /\bmcp\s*\[\s*["']([^"'\n]+)["']\s*\]/g,
    /\bmcp\s*\.\s*\w+\s*\(?\s*["']([^"'\n]+)["']/g,
  ];
  return new Set(patterns.flatMap((pattern) => [...source.matchAll(pattern)].map(([, name = '']) => name)));
}

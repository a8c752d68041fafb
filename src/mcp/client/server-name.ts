/** A server's tools stand in the catalog under this name. */
export function integrationOf(server: string): string {
  return `mcp.${server}`;
}

/** The server that a name of the catalog stands for; null for an API. */
export function serverOf(integration: string): string | null {
  return integration.startsWith('mcp.') ? integration.slice(4) : null;
}

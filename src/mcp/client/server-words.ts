/** A server's words without the number that some libraries write before them, once for each that passes them on. */
export function withoutNumber(message: string): string {
  return message.replace(/^(?:MCP error -?\d+: )+/, '');
}

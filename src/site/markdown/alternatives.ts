/**
 * A text in which each call of an example stands in a block of its own: `local result = …`, and again with more
 * arguments. They are alternatives, which are copied and run one at a time.
 */
export function alternativesApart(markdown: string): string {
  return markdown.replace(/^```lua\n([\s\S]*?)\n```$/gm, (block, code: string) => {
    const parts = code.split(/\n\n(?=(?:--[^\n]*\n)*local result = )/);
    return parts.every(standsAlone) ? parts.map((part) => `\`\`\`lua\n${part}\n\`\`\``).join('\n\n') : block;
  });
}

/** Whether a part begins with its own result, and uses that of no other. */
function standsAlone(part: string): boolean {
  return /^(?:--[^\n]*\n)*local result = /.test(part) && part.match(/\bresult\b/g)?.length === 1;
}

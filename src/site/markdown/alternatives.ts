/**
 * A text in which each call of an example stands in a block of its own: `local result = …`, and again with more
 * arguments. They are alternatives, which are copied and run one at a time, each after what both need.
 */
export function alternativesApart(markdown: string): string {
  return markdown.replace(/^```lua\n([\s\S]*?)\n```$/gm, (block, code: string) => {
    const [first = '', ...others] = code.split(/\n\n(?=(?:--[^\n]*\n)*local result = )/);
    const setup = /^((?:(?!local result = )[^\n]*\n)*)local result = /.exec(first)?.[1];
    if (setup === undefined || ![first, ...others].every(hasItsOwnResult)) return block;
    return [first, ...others.map((other) => setup + other)]
      .map((part) => `\`\`\`lua\n${part}\n\`\`\``)
      .join('\n\n');
  });
}

/** Whether a part names one result, which it makes itself. */
function hasItsOwnResult(part: string): boolean {
  return part.match(/\bresult\b/g)?.length === 1;
}

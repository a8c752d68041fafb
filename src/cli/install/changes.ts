import type { Changes } from '../../install/index.ts';

/** How many entries of a list are shown to a person. */
const shown = 40;

/** What is different between two documents, for people: what is new, what is different and how, what is gone. */
export function changeLines(name: string, changes: Changes): string {
  const { before, after, added, changed, removed, breaking } = changes;
  const lines = [
    `${name}: ${before} → ${after} functions; ${added.length} added, ${changed.length} changed, ${removed.length} removed`,
  ];
  const list = <Entry>(entries: readonly Entry[], line: (entry: Entry) => string[]) => {
    for (const entry of entries.slice(0, shown)) lines.push(...line(entry));
    if (entries.length > shown) lines.push(`  … and ${entries.length - shown} more (--json has all)`);
  };
  list(added, ({ lua_name, method, path }) => [`  + ${lua_name}  ${method} ${path}`]);
  list(changed, ({ lua_name, method, path, changes: parts }) => [
    `  ~ ${lua_name}  ${method} ${path}`,
    ...parts.map(
      ({ kind, place, what }) =>
        `      ${kind === 'breaking' ? '!' : ' '} ${place === '' ? '' : `${place}: `}${what}`,
    ),
  ]);
  list(removed, ({ lua_name, method, path }) => [`  - ${lua_name}  ${method} ${path}`]);
  if (breaking > 0) {
    const functions = breaking === 1 ? '1 function has' : `${breaking} functions have`;
    lines.push(`${functions} a breaking change (! above); programs that use them may need one, too.`);
  }
  return `${lines.join('\n')}\n`;
}

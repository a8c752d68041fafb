import type { Command } from 'commander';
import { exampleArguments, exampleCommand } from '../../docs/index.ts';
import type { Operation, SchemaLookup } from '../../manifest/index.ts';

/** Gives a command the help of a function: what it does, and an example with what it needs. */
export function addFunctionHelp(
  command: Command,
  integration: string,
  operations: readonly Operation[],
  lookup: SchemaLookup,
): void {
  const about = operations.map(({ summary, method, path, effect, deprecated }) => {
    const request = method === 'TOOL' ? `tool ${decodeURIComponent(path.slice(1))}` : `${method} ${path}`;
    return `${summary}${deprecated ? ' (deprecated)' : ''}\n${request} (${effect})`;
  });
  const shared =
    operations.length > 1 ? '\n\nThe arguments that are given decide which of them is called.' : '';
  command.configureHelp({ visibleArguments: () => [] });
  command.description(`${about.join('\n\nor\n\n')}${shared}`);
  const examples = operations.map(
    (operation) =>
      `  ${exampleCommand(integration, operation, exampleArguments(operation, lookup, 'required'), operations.length > 1)}`,
  );
  const [first] = operations;
  command.addHelpText(
    'after',
    `
Example${examples.length > 1 ? 's' : ''}:
${examples.join('\n')}

kosmo integrations:docs ${integration}.${first?.luaName ?? ''} has the whole page: what comes back, errors, Lua.
`,
  );
}

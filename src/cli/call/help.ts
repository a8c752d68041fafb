import type { Command } from 'commander';
import { exampleArguments, shellWord } from '../../docs/index.ts';
import type { Operation, SchemaLookup } from '../../manifest/index.ts';
import { stringifyJson } from '../../support/json.ts';

/** Gives a command the help of a function: what it does, and an example with what it needs. */
export function addFunctionHelp(
  command: Command,
  integration: string,
  operations: readonly Operation[],
  lookup: SchemaLookup,
): void {
  const about = operations.map(
    ({ summary, method, path, effect, deprecated }) =>
      `${summary}${deprecated ? ' (deprecated)' : ''}\n${method} ${path} (${effect})`,
  );
  const shared =
    operations.length > 1 ? '\n\nThe arguments that are given decide which of them is called.' : '';
  command.configureHelp({ visibleArguments: () => [] });
  command.description(`${about.join('\n\nor\n\n')}${shared}`);
  const examples = operations.map(
    (operation) => `  ${exampleCommand(integration, operation, lookup, operations.length > 1)}`,
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

/** A call with what its function needs, as a command line. */
export function exampleCommand(
  integration: string,
  operation: Operation,
  lookup: SchemaLookup,
  fullName: boolean,
): string {
  const args = exampleArguments(operation, lookup, 'required');
  const plain = Object.entries(args).every(([, value]) => typeof value !== 'object');
  const words = plain
    ? Object.entries(args).map(([name, value]) => `--${name.replaceAll('_', '-')} ${word(value)}`)
    : [shellWord(stringifyJson(args))];
  const name = fullName ? operation.slug : operation.luaName;
  return [`kosmo integrations:${integration} ${name}`, ...words].join(' ');
}

function word(value: unknown): string {
  const text = typeof value === 'string' ? value : stringifyJson(value);
  return /^[\w@.:/-]+$/.test(text) ? text : shellWord(text);
}

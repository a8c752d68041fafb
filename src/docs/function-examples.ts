import type { Operation, SchemaLookup } from '../manifest/index.ts';
import type { JsonObject } from '../support/json.ts';
import { exampleArguments } from './example-arguments.ts';
import { exampleCommand } from './example-command.ts';
import { hasExpressions, luaPath, luaTable, luaTableWithExpressions, shellWord } from './lua-text.ts';

/** Calls of a function that go well: those its overlay names, else such as its schemas take. */
export interface FunctionExamples {
  /** What has to be there that no program can make; empty when there is nothing. */
  readonly needs: string;
  /** Lua lines that make what the call needs; empty when it needs nothing. */
  readonly before: string;
  /** `app.integrations.workos.get_user{ user_id = "user_123" }` */
  readonly minimal: string;
  /** The same with arguments that can be left out; null when there are none of note. */
  readonly full: string | null;
  /** The minimal call as a command line. */
  readonly command: string;
  readonly arguments: { readonly minimal: JsonObject; readonly full: JsonObject | null };
}

/** @param shared whether another function has its short name, so that the full one is needed */
export function examplesOf(
  integration: string,
  operation: Operation,
  lookup: SchemaLookup,
  shared: boolean,
): FunctionExamples {
  const path = luaPath(integration, shared ? operation.slug : operation.luaName);
  const { example } = operation;
  const write = example === undefined ? luaTable : luaTableWithExpressions;
  const minimal = example?.arguments ?? exampleArguments(operation, lookup, 'required');
  const full = example === undefined ? madeFull(operation, lookup, minimal) : example.full;
  const before = example?.before ?? '';
  const call = (args: JsonObject) => `${path}${write(args)}`;
  const force = operation.effect === 'read' && before === '' ? '' : ' --force';
  return {
    needs: example?.needs ?? '',
    before,
    minimal: call(minimal),
    full: full === null ? null : call(full),
    command: `${commandLine(integration, operation, minimal, before, call(minimal), shared)}${force}`,
    arguments: { minimal, full },
  };
}

function madeFull(operation: Operation, lookup: SchemaLookup, minimal: JsonObject): JsonObject | null {
  const full = exampleArguments(operation, lookup, 'full');
  return Object.keys(full).length > Object.keys(minimal).length ? full : null;
}

/** One call is a command; one that needs others first is a program. */
function commandLine(
  integration: string,
  operation: Operation,
  args: JsonObject,
  before: string,
  call: string,
  shared: boolean,
): string {
  if (before === '' && !hasExpressions(args)) return exampleCommand(integration, operation, args, shared);
  const program = `${before === '' ? '' : `${before}\n`}dump(${call.replace(/\s*\n\s*/g, ' ')})`;
  return `kosmo integrations:lua --eval ${shellWord(program)}`;
}

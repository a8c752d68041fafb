import type { Failure } from '../../support/errors.ts';
import { isJsonObject, type JsonObject } from '../../support/json.ts';
import type { Resolved } from '../script-host.ts';
import { type LiteralTable, literalTable } from './literal.ts';
import { parseProgram } from './parse.ts';
import { findUses, type Use } from './uses.ts';

/** Something wrong with a program that can be seen without running it. */
export interface Finding {
  readonly line: number;
  /** In bytes, from 1. */
  readonly column: number;
  readonly message: string;
  /** The catalogue's code of the error that running it would raise. */
  readonly code: 'unknown_function' | 'unknown_integration' | 'invalid_arguments';
  /** Whether running the line certainly raises the error, and nothing in the program catches it. */
  readonly certain: boolean;
}

/** What the check asks of its surroundings. */
export interface CheckHost {
  resolve(path: readonly string[]): Resolved | Failure;
  /**
   * What is wrong with arguments, one sentence each.
   * @param made paths of values that are made when the program runs
   */
  argumentIssues(
    operation: Extract<Resolved, { kind: 'function' }>,
    args: JsonObject,
    made: readonly string[],
  ): string[];
}

/**
 * Reads a program and finds unknown functions, and arguments that are unknown, missing or of a wrong type, as far as
 * they are written out. Nothing is run, and what cannot be told is left alone.
 */
export function checkProgram(source: Uint8Array, host: CheckHost): Finding[] {
  const chunk = parseProgram(source);
  if (chunk === null) return [];
  const findings = new Map<string, Finding>();
  for (const use of findUses(chunk)) {
    for (const finding of check(use, host)) {
      findings.set(`${finding.line}:${finding.column}:${finding.message}`, finding);
    }
  }
  return [...findings.values()].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** The functions that a program names, in the order of its text; what is made when it runs is left out. */
export function functionsNamed(
  source: Uint8Array,
  host: Pick<CheckHost, 'resolve'>,
): Extract<Resolved, { kind: 'function' }>[] {
  const chunk = parseProgram(source);
  if (chunk === null) return [];
  return findUses(chunk).flatMap(({ path }) => {
    const found = host.resolve(path);
    return 'kind' in found && found.kind === 'function' ? [found] : [];
  });
}

function check(use: Use, host: CheckHost): Finding[] {
  const { line, column, path, args, caught } = use;
  for (let length = 1; length <= path.length; length += 1) {
    const found = host.resolve(path.slice(0, length));
    if ('code' in found) {
      const code = found.code === 'unknown_integration' ? found.code : 'unknown_function';
      return [{ line, column, message: found.message, code, certain: !caught }];
    }
    if (found.kind !== 'function') continue;
    // What stands behind a function is no name of ours.
    if (length < path.length) return [];
    return argumentFindings(found, args, host).map((message) => {
      return { line, column, message, code: 'invalid_arguments', certain: !caught };
    });
  }
  return [];
}

function argumentFindings(
  operation: Extract<Resolved, { kind: 'function' }>,
  args: Use['args'],
  host: CheckHost,
): string[] {
  const name = operation.function;
  if (args === undefined) return [];
  if (args === 'no table') return [`${name}: expected one table of arguments, as in ${name}{ limit = 10 }`];
  const { value, made }: LiteralTable = args === 'none' ? { value: {}, made: [] } : literalTable(args);
  if (!isJsonObject(value)) {
    return made.includes('')
      ? []
      : [`${name}: its arguments have names, as in { limit = 10 }; this is a list`];
  }
  return host.argumentIssues(operation, value, made).map((message) => `${name}: ${message}`);
}

import type { NamedCall } from '../call/index.ts';
import { type CheckHost, checkProgram, type Finding, functionsNamed } from '../lua/check/index.ts';
import { type Failure, failure } from '../support/errors.ts';

/** The largest program that is checked before it runs, in bytes: a larger one was not written by hand. */
const largest = 256 * 1024;

/**
 * The failure that a program certainly meets when it comes to a name that is nowhere, before any of it has run; null
 * when nothing is certain. Arguments are left to their call, which knows all of them.
 */
export function certainFault(source: string | Uint8Array, name: string, host: CheckHost): Failure | null {
  const bytes = bytesOf(source);
  if (bytes === null) return null;
  const certain = checkProgram(bytes, host).filter(
    ({ certain: isCertain, code }) => isCertain && code !== 'invalid_arguments',
  );
  const [first] = certain;
  if (first === undefined) return null;
  return failure(first.code, certain.map((finding) => located(finding, name)).join('\n'), {
    hint: 'No call was made. Use one of the suggested names.',
    details: {
      at: `${name}:${first.line}`,
      findings: certain.map(({ line, column, message }) => ({ line, column, message })),
    },
  });
}

/** `workflow.lua:3:12: Unknown function …` */
export function located({ line, column, message }: Finding, name: string): string {
  return `${name}:${line}:${column}: ${message}`;
}

/** The operations that a program names literally, whether it comes to call them or not. */
export function namedFunctions(source: string | Uint8Array, host: CheckHost): NamedCall[] {
  const bytes = bytesOf(source);
  return bytes === null ? [] : functionsNamed(bytes, host);
}

/** A program's text, when it is one that is looked at before it runs. */
function bytesOf(source: string | Uint8Array): Uint8Array | null {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source;
  return bytes.length > largest ? null : bytes;
}

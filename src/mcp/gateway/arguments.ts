import { type Failure, failure } from '../../support/errors.ts';

/** Arguments of a tool as a client sent them. */
export type Given = Readonly<Record<string, unknown>>;

interface Expected {
  readonly type: 'string' | 'integer' | 'boolean';
  readonly required?: true;
}

/** Why arguments do not fit a tool; null when they do. */
export function argumentFault(
  tool: string,
  given: Given,
  expected: Readonly<Record<string, Expected>>,
): Failure | null {
  const faults: string[] = [];
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(expected, name))
      faults.push(`${name}: unknown argument; it takes ${Object.keys(expected).join(', ') || 'none'}`);
  }
  for (const [name, { type, required }] of Object.entries(expected)) {
    const value = given[name];
    if (value === undefined || value === null) {
      if (required === true) faults.push(`${name}: expected a ${type}, got nothing`);
    } else if (!hasType(value, type)) {
      faults.push(`${name}: expected ${type === 'integer' ? 'an' : 'a'} ${type}`);
    }
  }
  if (faults.length === 0) return null;
  return failure('invalid_arguments', `${tool}: ${faults.join('; ')}.`, {
    hint: 'Call it again with those mended.',
  });
}

function hasType(value: unknown, type: Expected['type']): boolean {
  return type === 'integer' ? Number.isSafeInteger(value) : typeof value === type;
}

export function textArgument(given: Given, name: string): string | null {
  const value = given[name];
  return typeof value === 'string' ? value : null;
}

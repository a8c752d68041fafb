import { isJsonObject, type JsonValue } from '../support/json.ts';

/** A step of a path: a property's name, or a place in a list, counted from 1 as in Lua. */
type Step = string | number;

const written = /\.?([A-Za-z_$][\w$-]*)|\.?(\d+)|\[(\d+)\]|\["([^"]*)"\]/y;

/** The steps of a path as a program writes it, `data[3].name`; null for what is none. */
export function stepsOf(path: string): Step[] | null {
  const steps: Step[] = [];
  written.lastIndex = 0;
  while (written.lastIndex < path.length) {
    const [, name, place, index, quoted] = written.exec(path) ?? [];
    const number = place ?? index;
    if (number !== undefined) steps.push(Number(number));
    else if (name !== undefined || quoted !== undefined) steps.push(name ?? quoted ?? '');
    else return null;
  }
  return steps;
}

/** What stands at a path in a value; undefined, with the step where the way ended, when nothing does. */
export function valueAt(
  value: JsonValue,
  steps: readonly Step[],
): { readonly value: JsonValue } | { readonly missing: Step; readonly in: JsonValue } {
  let at: JsonValue = value;
  for (const step of steps) {
    const next: JsonValue | undefined = stepInto(at, step);
    if (next === undefined) return { missing: step, in: at };
    at = next;
  }
  return { value: at };
}

function stepInto(value: JsonValue, step: Step): JsonValue | undefined {
  if (Array.isArray(value)) return typeof step === 'number' ? value[step - 1] : undefined;
  if (!isJsonObject(value)) return undefined;
  const name = String(step);
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

/** In words, what can be asked of a value. */
export function describeInside(value: JsonValue): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (!isJsonObject(value)) return value === null ? 'null' : `a ${typeof value}`;
  const names = Object.keys(value);
  const more = names.length > 12 ? `, and ${names.length - 12} more` : '';
  return `an object with ${names.slice(0, 12).join(', ')}${more}`;
}

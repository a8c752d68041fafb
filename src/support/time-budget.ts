import { Script } from 'node:vm';

const slot = Symbol.for('kosmo.work-within-time');
const holder = globalThis as { [slot]?: () => void };
let runner: Script | null = null;

/**
 * What work gives, or null when it takes longer than it may. V8 stops it wherever it is, also inside a regular
 * expression that would need longer than anybody lives.
 */
export function withinTime<T>(milliseconds: number, work: () => T): T | null {
  let result: T | null = null;
  let thrown: { readonly error: unknown } | null = null;
  const outer = holder[slot];
  holder[slot] = () => {
    try {
      result = work();
    } catch (error) {
      thrown = { error };
    }
  };
  try {
    runner ??= new Script('globalThis[Symbol.for("kosmo.work-within-time")]()');
    runner.runInThisContext({ timeout: milliseconds });
  } catch {
    return null;
  } finally {
    if (outer === undefined) delete holder[slot];
    else holder[slot] = outer;
  }
  if (thrown !== null) throw (thrown as { readonly error: unknown }).error;
  return result;
}

/** One thing wrong with the arguments of a call. */
export interface Issue {
  /** `unknown`: a name that nothing has. `mismatch`: a value that does not fit, or is missing. */
  readonly kind: 'unknown' | 'mismatch';
  /** Where: `limit`, `body.domain_data[0].domain`; empty for the arguments as a whole. */
  readonly path: string;
  /** What would be right: `an integer from 1 to 100`. */
  readonly expected: string;
  /** What is there: `"many"`, or `nothing`. */
  readonly received: string;
  /** The whole as one sentence. */
  readonly message: string;
}

/** An issue of the form "PATH: expected X, got Y". */
export function mismatch(path: string, expected: string, received: string): Issue {
  const place = path === '' ? 'the arguments' : path;
  return {
    kind: 'mismatch',
    path,
    expected,
    received,
    message: `${place}: expected ${expected}, got ${received}`,
  };
}

/** A property of an object, as paths write it: `body.name`, `body["odd name"]`. */
export function childPath(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key + 1}]`;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

/**
 * What identity providers send that the RFC does not foresee, put into words it has. Each habit is one provider's:
 * Entra ID writes booleans as text, and sets a part of a value that is not there yet.
 */
export function forgiving(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(forgiving);
  if (typeof message !== 'object' || message === null) return message;
  const { path } = message as { path?: unknown };
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => {
      const isFlag = name === 'active' || name === 'primary' || (name === 'value' && isFlagPath(path));
      return [name, isFlag ? flag(value) : forgiving(value)];
    }),
  );
}

function isFlagPath(path: unknown): boolean {
  return typeof path === 'string' && /(?:^|[.:])(?:active|primary)$/.test(path);
}

function flag(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const lower = value.toLowerCase();
  return lower === 'true' ? true : lower === 'false' ? false : value;
}

interface Operation {
  readonly op?: unknown;
  readonly path?: unknown;
  readonly value?: unknown;
}

const partOfValue = /^(\w+)\[(\w+) eq "([^"]*)"\]\.(\w+)$/;

/**
 * Turns `add emails[type eq "work"].value` into adding an e-mail address of that type, when the resource has none:
 * the RFC would have it fail.
 */
export function withMissingValues(operations: readonly unknown[], resource: object): unknown[] {
  const added = new Map<string, Record<string, unknown>>();
  return operations.flatMap((operation) => {
    const { op, path, value } = (operation ?? {}) as Operation;
    if (typeof op !== 'string' || !/^(?:add|replace)$/i.test(op) || typeof path !== 'string')
      return [operation];
    const [, attribute, key, wanted, part] = partOfValue.exec(path) ?? [];
    if (attribute === undefined || key === undefined || part === undefined) return [operation];
    if (has(resource, attribute, key, wanted)) return [operation];
    const name = `${attribute} ${key} ${wanted}`;
    const known = added.get(name);
    if (known !== undefined) {
      known[part] = value;
      return [];
    }
    const fresh = { [key]: wanted, [part]: value };
    added.set(name, fresh);
    return [{ op: 'add', path: attribute, value: [fresh] }];
  });
}

function has(resource: object, attribute: string, key: string, wanted: string | undefined): boolean {
  const values = (resource as Record<string, unknown>)[attribute];
  if (!Array.isArray(values)) return false;
  return values.some(
    (value: unknown) =>
      typeof value === 'object' && value !== null && (value as Record<string, unknown>)[key] === wanted,
  );
}

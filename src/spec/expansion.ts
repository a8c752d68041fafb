import { KosmoError } from '../support/errors.ts';

/** How many values a document may have when everything it says by alias is written out. */
const most = 20_000_000;

/**
 * Refuses a document that contains itself or grows without measure through YAML aliases: whoever walks it would not
 * come to an end.
 */
export function checkExpansion(content: unknown, location: string): void {
  const sizes = new Map<object, number>();
  const open = new Set<object>();
  const sizeOf = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (open.has(value)) throw grows(location, 'an alias that contains itself');
    open.add(value);
    let size = 1;
    for (const inner of Object.values(value)) size += sizeOf(inner);
    open.delete(value);
    if (size > most) throw grows(location, 'aliases that multiply it without measure');
    sizes.set(value, size);
    return size;
  };
  try {
    sizeOf(content);
  } catch (error) {
    if (error instanceof RangeError) throw grows(location, 'values nested too deep to be read');
    throw error;
  }
}

function grows(location: string, what: string): KosmoError {
  return new KosmoError('document_invalid', `${location} cannot be used: it has ${what}.`);
}

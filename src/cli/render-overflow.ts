import type { Overflow } from '../runtime/index.ts';

/** What a person should know of a value that was cut. */
export function renderOverflow({ file, bytes, limit }: Overflow): string {
  const where = file === null ? '' : ` All of it is in ${file}`;
  return `The result has ${bytes} bytes of JSON, of which at most ${limit} are shown.${where}\n`;
}

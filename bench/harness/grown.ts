import type { Operation } from '../../src/manifest/index.ts';

const nouns = (
  'invoice parcel ticket garden engine pillow window harbour meadow lantern copper violin saddle orchard ' +
  'tunnel blanket cabinet feather glacier hammer island jacket kettle ladder magnet needle'
).split(' ');

/** As many operations: these, then copies of them, each turn with another noun in its names and texts. */
export function grown(operations: readonly Operation[], count: number): Operation[] {
  return Array.from({ length: count }, (_, index) => {
    const operation = operations[index % operations.length];
    if (operation === undefined) throw new Error('There are no operations.');
    const turn = Math.floor(index / operations.length);
    if (turn === 0) return operation;
    const noun = nouns[turn % nouns.length] ?? '';
    return {
      ...operation,
      slug: `${operation.slug}_${noun}`,
      luaName: `${operation.luaName}_${noun}`,
      aliases: [],
      summary: `${operation.summary} for the ${noun}`,
      description: `${operation.description} The ${noun} stays as it is.`,
    };
  });
}

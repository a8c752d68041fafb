/** The seed names only what it has made before. */
export function known<Row>(row: Row | null, name: string): Row {
  if (row === null) throw new Error(`The seed names ${name} before it is there.`);
  return row;
}

/** The version of a resource as an ETag: weak, for two texts of it may differ in what does not matter. */
export function entityTag(version: number): string {
  return `W/"${version}"`;
}

/** Whether a header of tags (`If-Match`, `If-None-Match`) names this version. */
export function namesVersion(header: string, version: number): boolean {
  return header
    .split(',')
    .map((tag) => tag.trim())
    .some((tag) => tag === '*' || tag.replace(/^W\//, '') === `"${version}"`);
}

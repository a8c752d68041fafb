export * from './manifest.ts';
export { normalizeName } from './names.ts';
export { type IndexedOperation, type ManifestIndex, ManifestReader } from './store.ts';

export { largestChecked } from './argument-check.ts';
export { argumentSchemaOf } from './argument-schema.ts';
export { describeSchema, describeValue } from './describe-schema.ts';
export { exampleOf, partsOf } from './example-value.ts';
export { freeRequestName, freeRequestOf } from './free-request.ts';
export * from './manifest.ts';
export { isLinesOfJson } from './media.ts';
export { effectOfMethod } from './methods.ts';
export { normalizeName } from './names.ts';
export { requestView } from './request-view.ts';
export {
  fittingVariants,
  hasType,
  propertiesOf,
  resolve,
  type SchemaLookup,
  typesOf,
  variantsOf,
} from './schema-view.ts';
export { type IndexedOperation, type ManifestIndex, ManifestReader } from './store.ts';

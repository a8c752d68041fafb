export { Catalog, Integration } from './catalog.ts';
export { didYouMean, nearestNames } from './nearest.ts';
export { type Found, type SearchIndex, searchIndexOf } from './search.ts';

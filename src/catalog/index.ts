export { Catalog, Integration } from './catalog.ts';
export { didYouMean, nearestNames } from './nearest.ts';

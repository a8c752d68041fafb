export { Results } from './results.ts';

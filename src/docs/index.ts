export {
  createDocs,
  type Docs,
  type DocsScope,
  type FoundFunction,
  type PageSummary,
  type ReadOptions,
  type ReadPage,
  type Searched,
  type SearchResult,
  usualTokens,
} from './docs.ts';
export { type DocumentedError, errorsOf } from './errors-section.ts';
export { exampleArguments } from './example-arguments.ts';
export { exampleCommand } from './example-command.ts';
export type { Example } from './examples.ts';
export { shellWord } from './lua-text.ts';
export { firstSentence } from './prose.ts';
export { typeWords } from './schema-words.ts';
export type { Unsearched } from './server-tools.ts';
export { estimateTokens } from './tokens.ts';

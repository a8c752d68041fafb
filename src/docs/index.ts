export { createDocs, type Docs, type PageSummary, type SearchResult } from './docs.ts';
export { exampleArguments } from './example-arguments.ts';
export { shellWord } from './lua-text.ts';
export { firstSentence } from './prose.ts';
export { typeWords } from './schema-words.ts';

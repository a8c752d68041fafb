export { createDocs, type Docs, type PageSummary, type SearchResult } from './docs.ts';
export { exampleArguments } from './example-arguments.ts';

export type {
  CallSummary,
  Journal,
  JournalReader,
  RunFilter,
  RunJournal,
  RunStart,
  RunState,
  RunSummary,
} from './journal.ts';
export { journalPaths } from './paths.ts';
export { Spool } from './spool.ts';
export { tidy } from './tidy.ts';

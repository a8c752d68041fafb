import type { Effect } from '../manifest/index.ts';
import type { JsonValue } from '../support/json.ts';
import type { CallRecord } from './call.ts';

/** Where a run writes its calls down. What becomes of it is no matter of the call's: it never fails one. */
export interface CallJournal {
  /** A call begins. Its place among the run's calls is taken with it. */
  call(): CallEntry;
}

/** One call in the journal. */
export interface CallEntry {
  /** The call is about to be sent. A call that changes something is written down before this returns. */
  sending(what: CallBeginning): void;
  /** What came of it; also of a call that was refused and never sent. */
  settled(record: CallRecord, args: () => JsonValue): void;
}

export interface CallBeginning {
  /** Full name with its integration. */
  readonly function: string;
  readonly account: string;
  readonly effect: Effect;
  /** The arguments as they may be kept, made when they are written. */
  readonly arguments: () => JsonValue;
}

/** For a pipeline that makes no calls, only looks at them. */
export const unrecorded: CallJournal = {
  call: () => ({ sending: () => undefined, settled: () => undefined }),
};

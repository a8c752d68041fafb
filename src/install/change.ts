import type { ManifestReader, Operation } from '../manifest/index.ts';

/** One thing that is different in an operation. */
export interface Change {
  /** `compatible`: whoever calls it as before is answered as before. */
  readonly kind: 'compatible' | 'breaking';
  /** The argument, `body.name`, or a field of the answer, `answer.data[].id`; empty for the operation itself. */
  readonly place: string;
  readonly what: string;
}

/** An operation with the schemas its document gives it. */
export interface Side {
  readonly operation: Operation;
  readonly reader: ManifestReader;
}

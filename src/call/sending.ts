import type { Account } from '../accounts/index.ts';
import type { Operation } from '../manifest/index.ts';
import type { WireRequest } from './transport.ts';

/** A request that may be sent: everything before has agreed. */
export interface Sending {
  readonly operation: Operation;
  /** Full name with its integration. */
  readonly fullName: string;
  readonly account: Account;
  readonly wire: WireRequest;
}

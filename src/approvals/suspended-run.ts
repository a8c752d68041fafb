import { createHash } from 'node:crypto';
import type { ApprovalRequest, CallOutcome, CallRequest } from '../call/index.ts';
import { isJsonObject, stringifyJson } from '../support/json.ts';

/** A call that a run has made, and what came of it. */
export interface MadeCall {
  readonly fingerprint: string;
  readonly outcome: CallOutcome;
}

/** A call that waits for a person. */
export interface AskedFor extends ApprovalRequest {
  readonly fingerprint: string;
}

/** What a person says of all that a run waits for. */
export type Decision = 'approved' | 'denied';

/**
 * A run that has come to calls a person must approve first. It is ended there, and later run again from its beginning,
 * by any process: what it had asked is answered as it was then, so that nothing is done twice.
 */
export interface SuspendedRun {
  /** The program; or, of a tool that is one operation, the operation's call. */
  readonly program: { readonly source: string } | { readonly call: CallRequest };
  readonly account: string | null;
  /** What random numbers and the order of keys come from, and the time that the program sees. */
  readonly seed: number;
  readonly now: number;
  readonly made: readonly MadeCall[];
  readonly asked: readonly AskedFor[];
}

/** Tells apart what a program can call. */
export function fingerprintOfCall({ integration, account, function: name, args }: CallRequest): string {
  return hashed([integration, account, name, args]);
}

/** Tells apart what a person can be asked to approve: the operation, the account, and all that would be sent. */
export function fingerprintOfRequest(request: ApprovalRequest): string {
  const { method, url, body } = request.request;
  return hashed([request.function, request.account, method, url, body]);
}

function hashed(value: unknown): string {
  return createHash('sha256')
    .update(stringifyJson(inOrder(value)))
    .digest('hex');
}

/** The same whatever order keys were written in. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isJsonObject(value)) return value;
  return Object.keys(value)
    .sort()
    .map((key) => [key, inOrder(value[key])]);
}

import { minute, timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { randomToken } from '../../kit/random.ts';
import { type Flow, type FlowRequest, insertFlow } from './flows.table.ts';

/** How long somebody has from the authorize URL until they are back. */
const lifetime = 60 * minute;

/** Begins a visit to the hosted pages: the path of its first page. */
export function beginFlow(context: Context, request: FlowRequest): string {
  const flow: Flow = {
    id: randomToken(context.random, 25),
    environment_id: context.environment.id,
    browser_hash: null,
    request,
    email: request.email,
    signIn: null,
    challenge_id: null,
    expires_at: timestamp(context.time + lifetime),
  };
  insertFlow(context, flow);
  return flowPath(flow.id);
}

export function flowPath(id: string): string {
  return `/authkit/${id}`;
}

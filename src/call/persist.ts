import type { Clock } from '../support/clock.ts';
import type { RateGate } from './rate-gate.ts';
import { backoff, retryAfter, waitBeforeRetry } from './retry.ts';
import type { ResponseHead, Transport, TransportFailure, WireRequest, WireResponse } from './transport.ts';

export interface Persistence {
  readonly gate: RateGate;
  readonly clock: Clock;
  readonly random: () => number;
  /** Whether sending it again does no harm. */
  readonly repeatable: boolean;
  /** No wait is begun that would end after it; a time of the clock. */
  readonly deadline: number;
}

/** What came of all attempts. */
export interface Persisted {
  readonly answer: WireResponse | TransportFailure;
  /** How often the request went out. */
  readonly sent: number;
  /** Whether an attempt before the last one may have been carried out. */
  readonly uncertain: boolean;
}

/** Sends a request, and again while that does no harm and may help. */
export async function persist(
  transport: Transport,
  wire: WireRequest,
  signal: AbortSignal,
  { gate, clock, random, repeatable, deadline }: Persistence,
): Promise<Persisted> {
  let sent = 0;
  let uncertain = false;
  for (let attempts = 1; ; attempts += 1) {
    await gate.enter(deadline, signal);
    const answer = await attempt(transport, wire, signal, gate);
    if (wasSent(answer)) sent += 1;
    const wait = waitBeforeRetry({ answer, attempts, repeatable, random: random(), date: clock.date() });
    if ('status' in answer && answer.status === 429) {
      gate.pause(wait ?? retryAfter(answer, clock.date()) ?? backoff(attempts, random()));
    }
    if (wait === null || clock.now() + wait >= deadline) return { answer, sent, uncertain };
    if ('failed' in answer && answer.failed === 'lost') uncertain = true;
    await clock.sleep(wait, signal);
    if (signal.aborted) {
      const reason = 'it was given up before another attempt';
      return { answer: { failed: 'cancelled', reason, sent: uncertain }, sent, uncertain };
    }
  }
}

async function attempt(
  transport: Transport,
  wire: WireRequest,
  signal: AbortSignal,
  gate: RateGate,
): Promise<WireResponse | TransportFailure> {
  let head: ResponseHead | null = null;
  try {
    if (signal.aborted) return { failed: 'cancelled', reason: 'it was given up before', sent: false };
    const answer = await transport.send(wire, signal);
    head = 'status' in answer ? answer : 'head' in answer ? answer.head : null;
    return answer;
  } finally {
    gate.leave(head);
  }
}

function wasSent(answer: WireResponse | TransportFailure): boolean {
  if ('status' in answer) return true;
  return answer.failed === 'cancelled' ? answer.sent : answer.failed !== 'unreachable';
}

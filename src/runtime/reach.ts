import type { Transport } from '../call/index.ts';

/** How a server answered to being asked for nothing in particular. */
export interface Reached {
  /** Null when there was no answer; then `reason` says why. */
  readonly status: number | null;
  readonly reason: string;
  /** Seconds that its clock is ahead of ours; null when it does not say. */
  readonly clockAhead: number | null;
}

/** Asks a server for its root, without credentials: any answer shows that it is there. */
export async function reach(transport: Transport, url: string, userAgent: string): Promise<Reached> {
  const asked = Date.now();
  const headers = { accept: '*/*', 'user-agent': userAgent };
  const answer = await transport.send(
    { method: 'GET', url, headers, body: null },
    AbortSignal.timeout(15_000),
  );
  if ('failed' in answer) {
    const tooLarge = answer.failed === 'too_large';
    const reason = answer.failed === 'cancelled' ? 'no answer within 15 s' : answer.reason;
    return { status: tooLarge ? 200 : null, reason, clockAhead: null };
  }
  const said = Date.parse(answer.headers['date'] ?? '');
  // Half of the way there and back; the header counts whole seconds.
  const clockAhead = Number.isNaN(said) ? null : Math.round((said - (asked + Date.now()) / 2) / 1000);
  return { status: answer.status, reason: '', clockAhead };
}

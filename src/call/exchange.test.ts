import { beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../support/json.ts';
import type { CallOutcome } from './index.ts';
import { testExchanges, testRun } from './testing/pipeline.ts';
import { VirtualClock } from './testing/virtual-clock.ts';
import type { Transport, TransportFailure, WireRequest, WireResponse } from './transport.ts';

type Answer = WireResponse | TransportFailure;

let clock: VirtualClock;
let sent: WireRequest[];
let answers: Answer[];
beforeEach(() => {
  clock = new VirtualClock();
  sent = [];
  answers = [];
});

const transport: Transport = {
  async send(request) {
    sent.push(request);
    return answers.shift() ?? ok;
  },
};
const ok: WireResponse = { status: 200, headers: {}, body: '{}' };
const answer = (status: number, headers: Record<string, string> = {}): WireResponse => ({
  status,
  headers,
  body: '{"message":"No."}',
});
const lost: TransportFailure = { failed: 'lost', reason: 'the connection was broken', head: null };
const refused: TransportFailure = {
  failed: 'unreachable',
  reason: 'the connection was refused',
  lasting: false,
};

const read = (options: Parameters<typeof testRun>[1] = {}) =>
  testRun(transport, { clock, ...options }).call('list_organizations');
const create = () => testRun(transport, { clock }).call('create_organization', { name: 'Acme' });
const event = {
  organization_id: 'org_1',
  event: {
    action: 'a.b',
    occurred_at: '2026-01-01T00:00:00Z',
    actor: { id: '1', type: 'user' },
    targets: [],
    context: { location: '1.2.3.4' },
  },
} satisfies JsonObject;
const createEvent = (more: JsonObject = {}) =>
  testRun(transport, { clock }).call('create_event', { ...event, ...more });
const attempts = (outcome: CallOutcome) => [outcome.ok || outcome.error.code, outcome.record.attempts];

describe('a read is repeated', () => {
  it('when the API says that it is busy or that a gateway failed, and its waits double', async () => {
    answers.push(answer(429), answer(503), answer(502));
    expect(attempts(await read())).toEqual([true, 4]);
    // Half of each wait is left to chance, which says 0 here.
    expect(clock.slept).toEqual([125, 250, 500]);
    answers.push(answer(504));
    expect(attempts(await read())).toEqual([true, 2]);
  });

  it('when the connection broke or was refused, and counts only what was sent', async () => {
    answers.push(lost, refused);
    expect(attempts(await read())).toEqual([true, 2]);
  });

  it('four times at most: an API that says 429 for ever is an error', async () => {
    answers.push(answer(429), answer(429), answer(429), answer(429));
    const outcome = await read();
    expect(outcome).toMatchObject({
      ok: false,
      error: {
        code: 'api_error',
        message: 'No. (429, GET /organizations)',
        hint: 'Wait, then make fewer calls at a time.',
        details: { status: 429 },
      },
      record: { status: 429, attempts: 4, error: 'api_error' },
    });
    expect(sent).toHaveLength(4);
  });

  it('not when the answer is of another kind', async () => {
    for (const status of [400, 404, 409, 500, 501]) {
      answers.push(answer(status));
      expect(attempts(await read())).toEqual(['api_error', 1]);
    }
    answers.push({ failed: 'unreachable', reason: 'its name is not known', lasting: true });
    expect(attempts(await read())).toEqual(['network_error', 0]);
    answers.push({ failed: 'too_large', reason: 'it is larger than 50 MB', head: null });
    expect(attempts(await read())).toEqual(['invalid_response', 1]);
  });
});

describe('Retry-After is kept to', () => {
  it('in seconds, and as a date by the server’s own clock', async () => {
    answers.push(
      answer(429, { 'retry-after': '7' }),
      answer(503, { 'retry-after': 'Thu, 01 Jan 2026 00:10:09 GMT', date: 'Thu, 01 Jan 2026 00:10:00 GMT' }),
    );
    expect(attempts(await read())).toEqual([true, 3]);
    expect(clock.slept).toEqual([7_000, 9_000]);
  });

  it('up to a minute: past it the call fails at once', async () => {
    answers.push(answer(429, { 'retry-after': '61' }));
    expect(attempts(await read())).toEqual(['api_error', 1]);
    expect(clock.slept).toEqual([]);
  });

  it('never past the end of the run, nor past the time the call may take', async () => {
    answers.push(answer(429, { 'retry-after': '30' }));
    expect(attempts(await read({ deadline: clock.now() + 20_000 }))).toEqual(['api_error', 1]);
    answers.push(answer(429, { 'retry-after': '30' }));
    expect(attempts(await read({ timeoutMs: 20_000 }))).toEqual(['api_error', 1]);
    expect(clock.slept).toEqual([]);
  });

  it('and when it says nothing, the usual wait is made', async () => {
    answers.push(answer(429, { 'retry-after': 'soon' }));
    expect(attempts(await read())).toEqual([true, 2]);
    expect(clock.slept).toEqual([125]);
  });
});

describe('a write', () => {
  it('is never repeated when it may have happened, or may happen yet', async () => {
    for (const status of [429, 502, 503, 504]) {
      answers.push(answer(status));
      expect(attempts(await create())).toEqual(['api_error', 1]);
    }
    answers.push(lost);
    expect(await create()).toMatchObject({
      error: {
        code: 'outcome_unknown',
        message:
          'workos.workos_organizations_create was sent, but its answer was lost: the connection was broken. It may have happened.',
      },
      record: { attempts: 1 },
    });
    expect(sent).toHaveLength(5);
  });

  it('is sent again when nothing of it went out', async () => {
    answers.push(refused, refused);
    expect(attempts(await create())).toEqual([true, 1]);
  });

  it('whose answer was begun, but cannot be read, may have happened', async () => {
    answers.push({
      failed: 'too_large',
      reason: 'it is larger than 50 MB',
      head: { status: 201, headers: { 'x-request-id': 'req_1' } },
    });
    expect(await create()).toMatchObject({
      error: { code: 'outcome_unknown', message: expect.stringContaining('(its status was 201)') as string },
      record: { status: 201, request_id: 'req_1' },
    });
  });

  it('that is under way when the run ends may have happened', async () => {
    answers.push({ failed: 'cancelled', reason: 'it was given up', sent: true });
    expect(attempts(await create())).toEqual(['outcome_unknown', 1]);
    answers.push({ failed: 'cancelled', reason: 'it was given up', sent: false });
    expect(attempts(await create())).toEqual(['cancelled', 0]);
  });
});

describe('a write with an idempotency key', () => {
  it('is repeated with the same key, which is made where the operation takes one', async () => {
    answers.push(lost, answer(503), refused);
    expect(attempts(await createEvent())).toEqual([true, 3]);
    expect(sent.map(({ headers }) => headers['idempotency-key'])).toEqual([
      'key_1',
      'key_1',
      'key_1',
      'key_1',
    ]);
    expect(new Set(sent.map(({ body }) => body)).size).toBe(1);
  });

  it('keeps the caller’s key', async () => {
    answers.push(answer(429));
    await createEvent({ idempotency_key: 'mine' });
    expect(sent.map(({ headers }) => headers['idempotency-key'])).toEqual(['mine', 'mine']);
  });

  it('may have happened when an earlier attempt was lost, whatever the last one came to', async () => {
    answers.push(lost, refused, refused, refused);
    expect(attempts(await createEvent())).toEqual(['outcome_unknown', 1]);
  });

  it('is not put on an operation that takes none', async () => {
    await create();
    expect(sent[0]?.headers['idempotency-key']).toBeUndefined();
  });
});

describe('the time a call may take', () => {
  const silent: Transport = {
    send: (request, signal) =>
      new Promise((resolve) => {
        sent.push(request);
        signal.addEventListener('abort', () =>
          resolve({ failed: 'cancelled', reason: 'given up', sent: true }),
        );
      }),
  };

  it('ends a read as unanswered and a write as unknown', async () => {
    const run = testRun(silent, { clock, timeoutMs: 3_000 });
    const [reading, writing] = [
      run.call('list_organizations'),
      run.call('create_organization', { name: 'a' }),
    ];
    await until(() => sent.length === 2);
    clock.advance(3_000);
    expect(await reading).toMatchObject({
      error: {
        code: 'network_error',
        message:
          'https://api.workos.com did not answer workos.workos_organizations_list: no answer within 3 s.',
      },
    });
    expect(await writing).toMatchObject({ error: { code: 'outcome_unknown' } });
  });

  it('may be set for one call', async () => {
    const reading = testRun(silent, { clock }).call('list_organizations', {}, { timeoutMs: 50 });
    await until(() => sent.length === 1);
    clock.advance(50);
    expect(await reading).toMatchObject({
      error: { message: expect.stringContaining('within 0.05 s') as string },
    });
  });
});

describe('parallel calls of one account', () => {
  /** A transport whose answers are given by the test. */
  const held = () => {
    const open: ((response: WireResponse) => void)[] = [];
    const made: Transport = {
      send: (request) =>
        new Promise((resolve) => {
          sent.push(request);
          open.push(resolve);
        }),
    };
    return { transport: made, open };
  };

  it('wait together when one of them was told to wait', async () => {
    const { transport: over, open } = held();
    const run = testRun(over, { clock });
    const first = run.call('list_organizations');
    await until(() => sent.length === 1);
    open[0]?.(answer(429, { 'retry-after': '5' }));
    await until(() => clock.slept.length === 1);
    const second = run.call('list_users');
    await until(() => sent.length === 3);
    // The second call was not sent before the first had waited.
    expect(clock.now()).toBeGreaterThanOrEqual(6_000);
    open[1]?.(ok);
    open[2]?.(ok);
    expect([(await first).ok, (await second).ok]).toEqual([true, true]);
  });

  it('are no more than the API has told that it takes, calls under way counted', async () => {
    const { transport: over, open } = held();
    const run = testRun(over, { clock });
    const learning = run.call('list_users');
    await until(() => sent.length === 1);
    open[0]?.({ ...ok, headers: { 'x-ratelimit-remaining': '2', 'x-ratelimit-reset': '30' } });
    await learning;
    clock.held = true;
    const calls = Array.from({ length: 5 }, () => run.call('list_users'));
    await until(() => clock.slept.length === 3);
    expect(sent).toHaveLength(3);
    // Two are left by the API's count, and one call is under way that it may not have counted.
    const plenty = { 'x-ratelimit-remaining': '2', 'x-ratelimit-reset': '30' };
    open[1]?.({ ...ok, headers: plenty });
    await until(() => sent.length === 4);
    const none = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '20' };
    open[2]?.({ ...ok, headers: none });
    open[3]?.({ ...ok, headers: none });
    await until(() => clock.slept.length > 5);
    clock.advance(19_999);
    await turn();
    expect(sent).toHaveLength(4);
    clock.advance(1);
    await until(() => sent.length === 6);
    for (const resolve of open.slice(4)) resolve(ok);
    expect((await Promise.all(calls)).every((outcome) => outcome.ok)).toBe(true);
  });

  it('keep to it from one run to the next, and other accounts go their own way', async () => {
    const exchanges = testExchanges(clock);
    answers.push({
      ...ok,
      headers: { ratelimit: '"default";r=0;t=12', 'ratelimit-policy': '"default";q=10;w=60' },
    });
    await read({ exchanges });
    await read({ exchanges, url: 'https://eu.example' });
    expect(clock.slept).toEqual([]);
    await read({ exchanges });
    expect(clock.slept).toEqual([12_000]);
  });

  it('ask all the same when the limit is forgotten only after the run or in an hour', async () => {
    const exchanges = testExchanges(clock);
    answers.push({ ...ok, headers: { 'ratelimit-remaining': '0', 'ratelimit-reset': '50' } });
    await read({ exchanges });
    await read({ exchanges, deadline: clock.now() + 10_000 });
    answers.push({ ...ok, headers: { 'ratelimit-remaining': '0', 'ratelimit-reset': '3600' } });
    await read({ exchanges, deadline: clock.now() + 10_000 });
    await read({ exchanges });
    expect([sent.length, clock.slept]).toEqual([4, []]);
  });

  it('are many under one signal, and none of them is left when they have ended', async () => {
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown) => warnings.push(warning);
    process.on('warning', onWarning);
    const ending = new AbortController();
    const { transport: over, open } = held();
    const run = testRun(over, { clock });
    const calls = Array.from({ length: 30 }, () => run.call('list_users', {}, { signal: ending.signal }));
    await until(() => sent.length === 30);
    for (const resolve of open) resolve(ok);
    expect((await Promise.all(calls)).every((outcome) => outcome.ok)).toBe(true);
    await turn();
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('stop waiting when the run ends', async () => {
    const exchanges = testExchanges(clock);
    answers.push({ ...ok, headers: { 'ratelimit-remaining': '0', 'ratelimit-reset': '50' } });
    await read({ exchanges });
    const ending = new AbortController();
    const waiting = testRun(transport, { clock, exchanges }).call(
      'list_users',
      {},
      { signal: ending.signal },
    );
    ending.abort();
    expect(await waiting).toMatchObject({ error: { code: 'cancelled' }, record: { attempts: 0 } });
    expect(sent).toHaveLength(1);
  });
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function until(done: () => boolean): Promise<void> {
  for (let turns = 0; turns < 1_000 && !done(); turns += 1) await turn();
  if (!done()) throw new Error('it never came to that');
}

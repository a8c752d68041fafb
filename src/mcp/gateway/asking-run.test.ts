import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CallOutcome, CallRequest } from '../../call/index.ts';
import { AskingRun } from './asking-run.ts';

const call = (name: string, args = {}): CallRequest => ({
  integration: 'test',
  account: null,
  function: name,
  args,
});
const outcome = (value: string, effect: 'read' | 'write' = 'read'): CallOutcome => ({
  ok: true,
  value,
  text: null,
  page: null,
  record: {
    function: value,
    account: '',
    effect,
    status: 200,
    attempts: 1,
    duration_ms: 0,
    request_id: null,
  },
});
const approval = (name: string) => ({
  function: name,
  account: 'default',
  effect: 'write',
  request: { method: 'POST', url: `https://x/${name}`, body: null },
});
const gotFrom = (answered: CallOutcome) => (answered.ok ? answered.value : answered.error.code);
const nothing = () => Promise.reject(new Error('this was made already'));

describe('a run whose writes are asked for', () => {
  it('ends once nothing moves but what waits, not while a call is under way', async () => {
    const run = new AskingRun();
    let answer: (outcome: CallOutcome) => void = () => undefined;
    const slow = run.onCall(call('slow'), () => new Promise((resolve) => (answer = resolve)));
    void run.onCall(call('create'), async () => {
      await run.approve(approval('create'));
      return outcome('never');
    });
    await delay(60);
    expect(run.verdict()).toBeNull();
    answer(outcome('done'));
    await slow;
    expect(run.verdict()).toBeNull();
    await delay(60);
    expect(run.verdict()).toMatchObject({ code: 'approval_required' });
    expect(run.asked.map((asked) => asked.function)).toEqual(['create']);
    expect(run.made).toHaveLength(1);
  });

  it('that is run again is answered what it was answered, in whatever order, each once', async () => {
    const first = new AskingRun();
    for (const value of ['one', 'two']) await first.onCall(call('read'), async () => outcome(value));
    await first.onCall(call('other', { a: 1 }), async () => outcome('three', 'write'));
    const again = new AskingRun({ made: first.made, asked: [], decision: 'approved' });
    expect(gotFrom(await again.onCall(call('other', { a: 1 }), nothing))).toBe('three');
    expect(gotFrom(await again.onCall(call('read'), nothing))).toBe('one');
    expect(gotFrom(await again.onCall(call('read'), nothing))).toBe('two');
    expect(gotFrom(await again.onCall(call('read'), async () => outcome('new')))).toBe('new');
    expect(again.made).toHaveLength(4);
  });

  it('has a decision for the very request that was asked for, once', async () => {
    const first = new AskingRun();
    void first.approve(approval('create'));
    const again = new AskingRun({ made: [], asked: first.asked, decision: 'approved' });
    void again.approve(approval('delete'));
    expect(await again.approve(approval('create'))).toBe(true);
    void again.approve(approval('create'));
    expect(again.asked.map((asked) => asked.function)).toEqual(['delete', 'create']);
    const denied = new AskingRun({ made: [], asked: first.asked, decision: 'denied' });
    expect(await denied.approve(approval('create'))).toBe(false);
  });

  it('keeps every write, and of what it reads no more than there is room for', async () => {
    const run = new AskingRun();
    for (let count = 0; count < 4; count += 1)
      await run.onCall(call(`read_${count}`), async () => outcome('x'.repeat(3 * 1024 * 1024)));
    await run.onCall(call('write'), async () => outcome('x'.repeat(3 * 1024 * 1024), 'write'));
    expect(run.made).toHaveLength(3);
  });
});

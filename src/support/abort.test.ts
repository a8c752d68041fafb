import { describe, expect, it, vi } from 'vitest';
import { onAbort, SpareControllers, unlessAborted } from './abort.ts';

describe('what waits for a signal', () => {
  it('hears of it once, and not when it was called off', () => {
    const controller = new AbortController();
    const [first, second, off] = [vi.fn(), vi.fn(), vi.fn()];
    onAbort(controller.signal, first);
    onAbort(controller.signal, second);
    onAbort(controller.signal, off)();
    controller.abort();
    for (const heard of [first, second]) expect(heard).toHaveBeenCalledOnce();
    expect(off).not.toHaveBeenCalled();
  });

  it('is one listener, however many wait', () => {
    const { signal } = new AbortController();
    const listen = vi.spyOn(signal, 'addEventListener');
    for (let count = 0; count < 20; count += 1) onAbort(signal, () => undefined);
    expect(listen).toHaveBeenCalledOnce();
  });

  it('gets null in place of what comes too late', async () => {
    const controller = new AbortController();
    const given = unlessAborted(new Promise<number>(() => undefined), controller.signal);
    controller.abort();
    expect(await given).toBeNull();
    expect(await unlessAborted(Promise.resolve(1), controller.signal)).toBeNull();
    expect(await unlessAborted(Promise.resolve(1), new AbortController().signal)).toBe(1);
  });
});

describe('spare controllers', () => {
  it('are used again, but for those that were aborted', () => {
    const spare = new SpareControllers();
    const first = spare.take();
    spare.giveBack(first);
    expect(spare.take()).toBe(first);
    first.abort();
    spare.giveBack(first);
    expect(spare.take()).not.toBe(first);
  });

  it('are never given to two at a time', () => {
    const spare = new SpareControllers();
    const taken = Array.from({ length: 5 }, () => spare.take());
    expect(new Set(taken).size).toBe(5);
  });

  it('are not kept without end', () => {
    const spare = new SpareControllers();
    const many = Array.from({ length: 1_000 }, () => spare.take());
    for (const controller of many) spare.giveBack(controller);
    const again = new Set(Array.from({ length: 1_000 }, () => spare.take()));
    const kept = many.filter((controller) => again.has(controller));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(100);
  });
});

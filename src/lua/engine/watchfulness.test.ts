import { availableParallelism } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Watchfulness } from './watchfulness.ts';

let now = 0;
/** How many milliseconds go by each time somebody looks at the clock. */
let step = 0.01;

beforeEach(() => {
  now = 0;
  step = 0.01;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += step));
});
afterEach(() => vi.restoreAllMocks());

/** How many milliseconds it watches for what never comes. */
function watched(watchfulness: Watchfulness): number {
  const begun = now;
  expect(watchfulness.watch(() => false)).toBe(false);
  return now - begun;
}

/** Has it lose its processor in the middle of a watch, for longer than it has watched before. */
function putAside(watchfulness: Watchfulness): void {
  step = 21;
  watchfulness.watch(() => false);
  step = 0.01;
}

describe.runIf(availableParallelism() > 1)('a thread that waits', () => {
  it('hears at once what comes while it is awake', () => {
    const comes = vi
      .fn(() => false)
      .mockReturnValueOnce(false)
      .mockReturnValueOnce(false)
      .mockReturnValueOnce(true);
    expect(new Watchfulness(1).watch(comes)).toBe(true);
    expect(now).toBeLessThan(0.1);
  });

  it('stays awake for a shorter time each time nothing comes, and for the whole time again when something does', () => {
    const watchfulness = new Watchfulness(1);
    const [first = 0, second = 0, third = 0] = [1, 2, 3].map(() => watched(watchfulness));
    expect([first, second, third].map((time) => Math.round(time * 10))).toEqual([10, 5, 3]);
    watchfulness.came(0.5);
    expect(watched(watchfulness)).toBeCloseTo(1, 1);
  });

  it('does not stay awake for a while once another thread has needed its processor', () => {
    const watchfulness = new Watchfulness(1);
    putAside(watchfulness);
    expect(watched(watchfulness)).toBeLessThan(0.1);
    now += 150;
    watchfulness.came(0.5);
    expect(watched(watchfulness)).toBeCloseTo(1, 1);
  });

  it('stays awake as before when its processor was gone for a moment only', () => {
    const watchfulness = new Watchfulness(1);
    for (let count = 0; count < 100; count += 1) {
      step = count % 50 === 0 ? 0.5 : 0.01;
      watchfulness.watch(() => false);
      watchfulness.came(0.5);
    }
    expect(watched(watchfulness)).toBeCloseTo(1, 1);
  });

  it('rests the longer the sooner that happens again', () => {
    const watchfulness = new Watchfulness(1);
    putAside(watchfulness);
    for (const rest of [100, 200, 400]) {
      now += rest + 1;
      putAside(watchfulness);
    }
    watchfulness.came(0.5);
    now += 500;
    expect(watched(watchfulness)).toBeLessThan(0.1);
    now += 5_000;
    expect(watched(watchfulness)).toBeCloseTo(1, 1);
  });

  it('rests for the shortest time again when it has been left alone for long', () => {
    const watchfulness = new Watchfulness(1);
    for (const rest of [0, 101, 10_000]) {
      now += rest;
      putAside(watchfulness);
    }
    watchfulness.came(0.5);
    now += 101;
    expect(watched(watchfulness)).toBeCloseTo(1, 1);
  });
});

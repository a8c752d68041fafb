import { expect, it } from 'vitest';
import { rateLimitOf } from './rate-limit.ts';

const date = Date.UTC(2026, 0, 1);
const read = (headers: Record<string, string>) => rateLimitOf({ status: 200, headers }, date);

it('every way to tell of a rate limit is read', () => {
  const limit = { remaining: 5, resetMs: 30_000 };
  expect(read({ ratelimit: '"default";r=5;t=30' })).toEqual(limit);
  expect(read({ ratelimit: 'limit=10, remaining=5, reset=30' })).toEqual(limit);
  expect(read({ 'ratelimit-remaining': '5', 'ratelimit-reset': '30' })).toEqual(limit);
  expect(read({ 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '30' })).toEqual(limit);
  expect(read({ 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': String(date / 1000 + 30) })).toEqual(
    limit,
  );
  expect(read({ 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': String(date + 30_000) })).toEqual(limit);
  expect(read({ 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '2026-01-01T00:00:30Z' })).toEqual(limit);
  expect(read({ 'x-rate-limit-remaining': '5', 'retry-after': '30' })).toEqual(limit);
});

it('of several limits the one that has least left counts', () => {
  expect(read({ ratelimit: '"minute";r=50;t=60, "second";r=1;t=1' })).toEqual({
    remaining: 1,
    resetMs: 1_000,
  });
});

it('a time is measured by the server’s clock when it tells it', () => {
  const theirs = date + 3_600_000;
  expect(
    read({
      date: new Date(theirs).toUTCString(),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(theirs / 1000 + 10),
    }),
  ).toEqual({ remaining: 0, resetMs: 10_000 });
});

it('what makes no sense is no limit', () => {
  for (const headers of [
    {},
    { ratelimit: 'unlimited' },
    { 'ratelimit-remaining': '5' },
    { 'x-ratelimit-remaining': 'many', 'x-ratelimit-reset': '5' },
    { 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': 'soon' },
    { 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': '5' },
  ]) {
    expect(read(headers)).toBeNull();
  }
});

import { describe, expect, it } from 'vitest';
import { cutValue, shapeOf } from './cut-value.ts';
import { type JsonObject, type JsonValue, stringifyJson } from './json.ts';

const bytesOf = (value: JsonValue) => Buffer.byteLength(stringifyJson(value));
const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: `user_${index}`,
    email: `${index}@example.com`,
    roles: ['a'],
  }));

describe('a value that is too large', () => {
  it('stays as it is when it fits', () => {
    const value = { data: rows(3) };
    expect(cutValue(value, 10_000)).toBe(value);
  });

  it('keeps the first items of a list, and tells how many are left out and what they look like', () => {
    const cut = cutValue(rows(1_000), 2_000) as JsonObject[];
    expect(cut.slice(0, -1)).toEqual(rows(1_000).slice(0, cut.length - 1));
    expect(cut.length).toBeGreaterThan(10);
    expect(cut.at(-1)).toEqual({
      $cut: {
        left_out: 1_000 - (cut.length - 1),
        of: 1_000,
        shape: { id: 'string', email: 'string', roles: ['string'] },
      },
    });
  });

  it('keeps what is small of an object, wherever it stands', () => {
    const cut = cutValue(
      { data: rows(1_000), list_metadata: { after: 'x' }, more: rows(500) },
      4_000,
    ) as JsonObject;
    expect(cut['list_metadata']).toEqual({ after: 'x' });
    expect((cut['data'] as JsonValue[]).length).toBeGreaterThan(5);
    expect((cut['more'] as JsonValue[]).length).toBeGreaterThan(5);
  });

  it('tells how much of a text is left out, and breaks no character', () => {
    const cut = cutValue('😀'.repeat(10_000), 1_000) as string;
    expect(cut).toMatch(/^(😀)+… \(\d+ more characters\)$/u);
  });

  it('shows a part of a first item that is too large by itself', () => {
    const cut = cutValue([{ name: 'x', text: 'y'.repeat(100_000) }, 1], 3_000) as JsonValue[];
    expect(cut[0]).toMatchObject({ name: 'x', text: expect.stringMatching(/^y+…/) as string });
  });

  it.each([
    ['a list of lists', Array.from({ length: 200 }, () => Array.from({ length: 200 }, (_, index) => index))],
    [
      'an object of many properties',
      Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`key_${i}`, i])),
    ],
    [
      'an object of large texts',
      Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`key_${i}`, '\u0001'.repeat(9_000)])),
    ],
    [
      'something deep',
      Array.from({ length: 60 }).reduce<JsonValue>((inner) => ({ inner, text: 'z'.repeat(500) }), 'x'),
    ],
    ['rows in rows', { data: rows(300).map((row) => ({ ...row, members: rows(50) })) }],
    ['a long text', 'é"\n'.repeat(100_000)],
  ] as const)('is within its bytes afterwards: %s', (_, value) => {
    for (const bytes of [1_500, 5_000, 20_000]) {
      const cut = cutValue(value as JsonValue, bytes);
      expect(bytesOf(cut)).toBeLessThanOrEqual(bytes);
      expect(bytesOf(cut)).toBeGreaterThan(bytes / 20);
    }
  });
});

describe('the shape of a value', () => {
  it('has names and types, and no values', () => {
    expect(shapeOf({ id: 'x', n: 1, big: 1n, none: null, list: [{ a: true }], empty: [] })).toEqual({
      id: 'string',
      n: 'number',
      big: 'number',
      none: 'null',
      list: [{ a: 'boolean' }],
      empty: 'list',
    });
  });
});

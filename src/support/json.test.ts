import { describe, expect, it } from 'vitest';
import { stringifyJson } from './json.ts';
import { parseJson } from './parse-json.ts';

describe('JSON that loses nothing', () => {
  it('keeps every digit of an integer past 2^53, both ways', () => {
    const text = '{"id":12345678901234567890,"list":[-9007199254740993],"small":9007199254740991}';
    const value = parseJson(text);
    expect(value).toEqual({ id: 12345678901234567890n, list: [-9007199254740993n], small: 9007199254740991 });
    expect(stringifyJson(value)).toBe(text);
  });

  it('takes digits for a number only outside strings', () => {
    const text =
      '{"a":"12345678901234567890","b\\"1234567890123456789":1,"c":"\\\\","d":1234567890.1234567890123}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('leaves decimals with many digits to the usual parser', () => {
    const text = '[0.12345678901234567890, 12345678901234567890e2, 12345678901234567.5]';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('writes each number as what it is, wherever it stands', () => {
    const special = [
      [-0],
      { a: [1, { b: 2n ** 64n }] },
      [1e21, -1e300],
      { toJSON: () => ({ big: 2n ** 53n + 1n }) },
    ];
    expect(special.map((value) => stringifyJson(value))).toEqual([
      '[-0]',
      '{"a":[1,{"b":18446744073709551616}]}',
      '[1e+21,-1e+300]',
      '{"big":9007199254740993}',
    ]);
  });

  it('writes all else as JSON.stringify does', () => {
    const plain = [
      null,
      'a"ä\u2028',
      1.5,
      true,
      [],
      {},
      [undefined, () => 1],
      { a: undefined, b: new Date(0) },
      NaN,
    ];
    for (const value of plain) {
      expect(stringifyJson(value)).toBe(JSON.stringify(value));
      expect(stringifyJson({ value }, 2)).toBe(JSON.stringify({ value }, null, 2));
    }
  });

  it('says undefined of what is no JSON', () => {
    expect(parseJson('<html>')).toBeUndefined();
    expect(parseJson('')).toBeUndefined();
  });
});

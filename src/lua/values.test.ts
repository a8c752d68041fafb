import { afterAll, describe, expect, it } from 'vitest';
import { type JsonObject, type JsonValue, stringifyJson } from '../support/json.ts';
import { TestHost, TestPrograms } from './testing/script-host.ts';

const programs = new TestPrograms();
afterAll(() => programs.close());

describe('values from the host', () => {
  const shown = async (value: JsonValue, expression: string) => {
    const host = new TestHost();
    host.answer = () => value;
    return programs.result(`local v = app.integrations.test.get{} return ${expression}`, host);
  };

  it('are real tables, strings, numbers and booleans', async () => {
    expect(
      await shown({ a: [1, 'two', true] }, 'type(v) .. type(v.a[1]) .. type(v.a[2]) .. type(v.a[3])'),
    ).toBe('tablenumberstringboolean');
    expect(await shown({ a: [1, 2, 3] }, '#v.a')).toBe(3);
  });

  it('keep integers integers and floats floats', async () => {
    expect(await shown([3, 2.5, -0.5], 'math.type(v[1]) .. math.type(v[2])')).toBe('integerfloat');
    expect(await shown({ n: 9007199254740993n }, 'tostring(v.n)')).toBe('9007199254740993');
    expect(await shown({ n: -9223372036854775808n }, 'v.n == math.mininteger')).toBe(true);
    expect(await shown({ n: 123456789012345678901234567890n }, 'v.n')).toBe('123456789012345678901234567890');
  });

  it('have nil for null in an object, and json.null in a list', async () => {
    expect(await shown({ a: null }, 'v.a == nil')).toBe(true);
    expect(await shown([1, null, 3], '#v == 3 and v[2] == json.null')).toBe(true);
    expect(await shown(null, 'v == nil')).toBe(true);
  });

  it('know an empty list from an empty object', async () => {
    expect(await shown({ list: [], object: {} }, 'json.encode(v)')).toBe('{"list":[],"object":{}}');
  });

  it('keep the order of their keys for print and json.encode', async () => {
    const value = { zebra: 1, apple: { y: 1, x: 2 }, mango: 3 };
    expect(await shown(value, 'json.encode(v)')).toBe('{"zebra":1,"apple":{"y":1,"x":2},"mango":3}');
    expect(await shown(value, 'tostring(v)')).toBe('{ zebra = 1, apple = { y = 1, x = 2 }, mango = 3 }');
  });

  it('may have keys that mean something in JavaScript', async () => {
    const value = JSON.parse(
      '{"__proto__":{"x":1},"constructor":2,"toString":3,"hasOwnProperty":4}',
    ) as JsonObject;
    expect(await shown(value, 'v.__proto__.x + v.constructor + v.toString + v.hasOwnProperty')).toBe(10);
    expect(await shown(value, 'json.encode(v)')).toBe(JSON.stringify(value));
  });

  it('may hold any text', async () => {
    for (const text of ['', '\0', 'a\0b', 'ü€😀', '\u2028', '"\\\n\t', 'x'.repeat(100_000)]) {
      expect(await shown({ text }, 'v.text')).toBe(text);
      expect(await shown({ [text]: 1 }, 'next(v)')).toEqual([text, 1]);
    }
  });
});

describe('values to the host', () => {
  const sent = async (table: string) => {
    const host = new TestHost();
    await programs.result(`app.integrations.test.send(${table})`, host);
    return host.calls[0]?.args;
  };

  it('are lists, objects, numbers, strings and nulls', async () => {
    expect(
      await sent(
        '{ list = {1, 2.5, "x"}, object = { a = true }, none = json.null, empty = {}, emptyList = json.array{} }',
      ),
    ).toEqual({
      list: [1, 2.5, 'x'],
      object: { a: true },
      none: null,
      empty: {},
      emptyList: [],
    });
    expect(await sent('{ big = 9007199254740993, max = math.maxinteger }')).toEqual({
      big: 9007199254740993n,
      max: 9223372036854775807n,
    });
    expect(await sent('{ ["__proto__"] = { x = 1 }, constructor = 1 }')).toEqual(
      JSON.parse('{"__proto__":{"x":1},"constructor":1}'),
    );
  });

  it.each([
    ['{ f = print }', 'f: a function is no JSON value'],
    ['{ a = { b = { coroutine.create(print) } } }', 'a.b[1]: a thread is no JSON value'],
    ['{ x = 0/0 }', 'x: NaN is no JSON number'],
    ['{ x = { math.huge } }', 'x[1]: infinity is no JSON number'],
    ['(function() local t = {} t.a = { t } return t end)()', 'a[1]: the table contains itself'],
    ['{ x = { 1, 2, key = 3 } }', 'x: a table with both list items and the key "key" is no JSON value'],
    ['{ x = { 1, nil, 3 } }', 'x: a list with holes is no JSON value'],
    ['{ x = { [5] = 1 } }', 'x: the key 5 is no JSON key'],
    ['{ x = { [true] = 1 } }', 'x: the key of type boolean is no JSON key'],
    [
      '(function() local t = {} local r = t for _ = 1, 300 do t.a = {} t = t.a end return r end)()',
      'nested more than 200 deep',
    ],
  ])('are refused with their place when they are no JSON: %s', async (table, message) => {
    const host = new TestHost();
    const error = await programs.error(`app.integrations.test.send(${table})`, host);
    expect(error.message).toContain(`test.lua:1: send: `);
    expect(error.message).toContain(message);
    expect(host.calls).toEqual([]);
  });

  it('have bytes that are no UTF-8 replaced', async () => {
    expect(await sent('{ text = "a\\xffb" }')).toEqual({ text: 'a\ufffdb' });
  });
});

describe('random values', () => {
  // A small generator with a seed, so that a failure can be had again.
  const random = (seed: number) => () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const texts = [
    '',
    'a',
    'ключ',
    '__proto__',
    'constructor',
    'end',
    'a b',
    '1',
    '\u0000',
    '😀',
    'x'.repeat(60),
  ];
  const make = (next: () => number, depth: number): JsonValue => {
    const pick = next();
    if (depth > 4 || pick < 0.5) {
      if (pick < 0.1) return Math.floor(next() * 1e6) - 500_000;
      if (pick < 0.15) return BigInt(Math.floor(next() * 1e6)) * 9_007_199_254_741n;
      if (pick < 0.25) return next() * 1e10;
      if (pick < 0.3) return next() < 0.5;
      return texts[Math.floor(next() * texts.length)] ?? '';
    }
    const size = Math.floor(next() * 5);
    if (pick < 0.75) return Array.from({ length: size }, () => make(next, depth + 1));
    const object: JsonObject = {};
    for (let count = 0; count < size; count += 1) {
      const key = texts[Math.floor(next() * texts.length)] ?? '';
      Object.defineProperty(object, key, {
        value: make(next, depth + 1),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return object;
  };

  it('come back from Lua as they went in', async () => {
    const next = random(42);
    for (let round = 0; round < 150; round += 1) {
      const value = { value: make(next, 0) };
      const host = new TestHost();
      host.answer = () => value;
      const back = await programs.result(
        'local v = app.integrations.test.get{} return { a = v, b = json.decode(json.encode(v)) }',
        host,
      );
      const expected = stringifyJson(value);
      const got = stringifyJson(back);
      expect(got).toBe(`{"a":${expected},"b":${expected}}`);
    }
  });
});

describe('json', () => {
  it('encodes and decodes', async () => {
    expect(await programs.result('return json.encode{ a = 1, b = { 2, 3 }, c = json.null }')).toBe(
      '{"a":1,"b":[2,3],"c":null}',
    );
    expect(await programs.result('return json.encode({ a = { 1 } }, { pretty = true })')).toBe(
      '{\n  "a": [\n    1\n  ]\n}',
    );
    expect(await programs.result('return json.decode("null") == json.null')).toBe(true);
    expect(await programs.result('return json.encode(json.object(json.array{}))')).toBe('{}');
    expect(await programs.result('return json.encode(json.array{})')).toBe('[]');
  });

  it('says where a text is no JSON, and what cannot be JSON', async () => {
    expect((await programs.error('json.decode("{\\n  \\"a\\": 1,\\n  b\\n}")')).message).toMatch(
      /^test\.lua:1: json\.decode: not JSON at line 3, column 3: /,
    );
    expect((await programs.error('json.decode("")')).message).toContain('line 1, column 1');
    expect((await programs.error('json.decode(5)')).message).toBe(
      'test.lua:1: json.decode: expected a string, got number',
    );
    expect((await programs.error('json.encode{ a = print }')).message).toBe(
      'test.lua:1: json.encode: a: a function is no JSON value',
    );
  });
});

describe('print, dump and tostring', () => {
  it('show tables readably, always the same way', async () => {
    expect(await programs.output('print({ 1, 2, { b = 2, a = 1 } }, {}, nil, "text", 1.0, 2^63)')).toBe(
      '{ 1, 2, { a = 1, b = 2 } }\t{}\tnil\ttext\t1.0\t9.2233720368548e+18\n',
    );
    expect(await programs.output('print({ ["odd key"] = 1, ["end"] = 2, [10] = 3, [true] = 4 })')).toBe(
      '{ ["end"] = 2, ["odd key"] = 1, [10] = 3, [true] = 4 }\n',
    );
    expect(await programs.output('local t = { a = {} } t.a.t = t print(t)')).toBe(
      '{ a = { t = <cycle> } }\n',
    );
    expect(await programs.output('print(print, coroutine.create(print), json.null)')).toBe(
      '<function>\t<thread>\tjson.null\n',
    );
    expect(await programs.output('dump{ text = "a\\n\\"b\\"\\0" }')).toBe('{ text = "a\\n\\"b\\"\\000" }\n');
  });

  it('put long tables on several lines', async () => {
    const output = await programs.output('dump{ first = ("x"):rep(50), second = ("y"):rep(50) }');
    expect(output).toBe(`{\n  first = "${'x'.repeat(50)}",\n  second = "${'y'.repeat(50)}",\n}\n`);
  });

  it('ask a table for its own text', async () => {
    expect(
      await programs.output('print(setmetatable({}, { __tostring = function() return "mine" end }))'),
    ).toBe('mine\n');
  });

  it('never show an address, not even through string.format', async () => {
    expect(await programs.result('return string.format("%s %s %d", { a = 1 }, print, 5)')).toBe(
      '{ a = 1 } <function> 5',
    );
    expect(await programs.result('return tostring({}) .. tostring(print)')).toBe('{}<function>');
  });

  it('give the last value dumped as the result, unless something is returned', async () => {
    expect(await programs.run('dump(1) dump{ 2 }')).toMatchObject({ result: [2], returned: false });
    expect(await programs.run('dump(1) return 3')).toMatchObject({ result: 3, returned: true });
    expect(await programs.run('return 1, "a", nil')).toMatchObject({ result: [1, 'a', null] });
    expect(await programs.result('return dump("x") .. "y"')).toBe('xy');
  });
});

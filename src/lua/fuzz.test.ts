import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type JsonObject, type JsonValue, stringifyJson } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';
import { TestHost, TestPrograms } from './testing/script-host.ts';

const programs = new TestPrograms();
afterAll(() => programs.close());

/** Random choices from a seed, so that a failure can be had again. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 to below 1. Mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('There is nothing to choose from.');
    return choice;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}

const words = '__proto__ constructor toString then end nil 1 -1 0 a_b a.b a-b null true'.split(' ');

/** Text of any characters: letters, controls, quotes, all planes of Unicode; no lone surrogates, which are no text. */
function text(random: Random): string {
  if (random.next() < 0.2) return random.pick(words);
  const length = random.next() < 0.05 ? 2_000 : random.below(12);
  let made = '';
  for (let at = 0; at < length; at += 1) {
    const range = random.pick([0x20, 0x80, 0x100, 0x800, 0x10000, 0x110000]);
    const point = random.below(range);
    made += point >= 0xd800 && point < 0xe000 ? '\u{fffd}' : String.fromCodePoint(point);
  }
  return made;
}

function number(random: Random): number | bigint {
  const edge = random.pick([0, 2 ** 31, 2 ** 32, 2 ** 53]);
  switch (random.below(7)) {
    case 0:
      return random.below(200) - 100;
    case 1:
      return edge - 2 + random.below(4) <= Number.MAX_SAFE_INTEGER ? edge - 2 : edge - 4;
    case 2:
      return BigInt(
        random.pick(['9007199254740993', '-9007199254740993', '9223372036854775807', '-9223372036854775808']),
      );
    case 3:
      return random.next() * 10 ** (random.below(600) - 300) * random.pick([1, -1]);
    case 4:
      return random.pick([
        -0,
        0.1,
        1e300,
        -1e-300,
        5e-324,
        1.7976931348623157e308,
        1e21,
        2 ** 53,
        2 ** 63,
        -(2 ** 70),
        1e16,
      ]);
    case 5:
      return random.next();
    default:
      return random.below(2 ** 31) * random.below(2 ** 21);
  }
}

function value(random: Random, depth = 0): JsonValue {
  const kind = depth > 6 ? random.below(4) : random.below(7);
  if (kind === 0) return number(random);
  if (kind === 1 || kind === 2) return text(random);
  if (kind === 3) return random.next() < 0.5;
  const size = random.below(random.pick([1, 4, 8]));
  if (kind < 6 && random.next() < 0.5) {
    // Null means something only in a list; in an object Lua has nothing to hold it with.
    return Array.from({ length: size }, () => (random.next() < 0.1 ? null : value(random, depth + 1)));
  }
  const object: JsonObject = {};
  for (let count = 0; count < size; count += 1) {
    Object.defineProperty(object, text(random), {
      value: value(random, depth + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}

function deep(random: Random, depth: number): JsonValue {
  let made: JsonValue = number(random);
  for (let level = 0; level < depth; level += 1)
    made = random.next() < 0.5 ? [made] : { [random.pick(['a', 'b'])]: made };
  return made;
}

/** Whether two values are the same to the last digit and sign. Keys may be in another order where they are numbers. */
const same = (got: JsonValue, expected: JsonValue) =>
  expect(stringifyJson(got)).toBe(stringifyJson(expected));

describe('random values', () => {
  it('go to Lua and back unchanged, as answers, arguments, results and JSON text', async () => {
    const random = new Random(1);
    for (let round = 0; round < 40; round += 1) {
      const values = Array.from({ length: 20 }, () =>
        random.next() < 0.1 ? deep(random, 150) : value(random),
      );
      const host = new TestHost();
      host.answer = ({ function: name }) => (name === 'values' ? { values } : true);
      const outcome = await programs.run(
        `local got = app.integrations.test.values{}
        app.integrations.test.send{ values = got.values }
        local texts = {}
        for index, one in ipairs(got.values) do texts[index] = json.encode{ one } end
        local decoded = json.array{}
        for index, encoded in ipairs(texts) do decoded[index] = json.decode(encoded)[1] end
        return { got = got.values, decoded = decoded, texts = texts }`,
        {},
        host,
      );
      expect(outcome.error).toBeNull();
      const { got, decoded, texts } = outcome.result as {
        got: JsonValue;
        decoded: JsonValue;
        texts: string[];
      };
      same(got, values);
      same(decoded, values);
      same(host.calls[1]?.args['values'] ?? null, values);
      same(
        texts.map((encoded) => parseJson(encoded) ?? null),
        values.map((one) => [one]),
      );
    }
  });

  it('go from Lua to JSON and back unchanged: every integer and float, and any bytes that are text', async () => {
    const source = `
      math.randomseed(7)
      local function same(a, b)
        if type(a) ~= type(b) then return false end
        if type(a) == "table" then
          for key, value in pairs(a) do if not same(value, b[key]) then return false end end
          for key in pairs(b) do if a[key] == nil then return false end end
          return true
        end
        if a ~= b then return false end
        -- A float that is whole and not large is an integer to JSON; one beyond 2^53 stays a float.
        return a == 0 and 1 / a == 1 / b or math.type(a) == math.type(b) or (math.type(a) == "float" and a // 1 == a and math.abs(a) < 2^53) or a ~= 0 and false
      end
      local function number()
        local kind = math.random(6)
        if kind == 1 then return math.random(-100, 100) end
        if kind == 2 then return math.random(0) end
        if kind == 3 then return (math.random() - 0.5) * 10.0 ^ math.random(-300, 300) end
        if kind == 4 then return math.random(0) + 0.0 end
        if kind == 5 then return ({ math.maxinteger, math.mininteger, 1 << 53, (1 << 53) + 1, 2.0 ^ 53, 2.0 ^ 63, 5e-324, 1.7976931348623157e308 })[math.random(8)] end
        return string.unpack("d", string.pack("j", math.random(0)))
      end
      local function bytes()
        local points = {}
        for i = 1, math.random(0, 20) do
          local point = math.random(0, 0x10ffff)
          points[i] = (point >= 0xd800 and point < 0xe000) and 65 or point
        end
        return utf8.char(table.unpack(points))
      end
      local function make(depth)
        local kind = math.random(depth > 5 and 3 or 5)
        if kind == 1 then
          local n repeat n = number() until n == n and n ~= math.huge and n ~= -math.huge
          return n
        end
        if kind == 2 then return bytes() end
        if kind == 3 then return math.random() < 0.5 end
        local t = {}
        if kind == 4 then
          for i = 1, math.random(0, 5) do t[i] = make(depth + 1) end
          return json.array(t)
        end
        for _ = 1, math.random(0, 5) do t[bytes()] = make(depth + 1) end
        return t
      end
      for round = 1, 2000 do
        local value = { make(0) }
        local text = json.encode(value)
        local back = json.decode(text)
        if not same(value, back) then error("changed: " .. text .. " " .. json.encode(back)) end
        if json.encode(back) ~= text then error("not stable: " .. text .. " " .. json.encode(back)) end
      end
      return "same"`;
    expect(await programs.result(source)).toBe('same');
  });

  it('that are bytes but no text come out with U+FFFD in the place of what is none', async () => {
    const random = new Random(2);
    for (let round = 0; round < 30; round += 1) {
      const bytes = random.bytes(random.below(40));
      const written = [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
      const expected = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
      const { result, error } = await programs.run(
        `local s = "${written}" assert(#s == ${bytes.length}) return { s, json.decode(json.encode{ s })[1], { [s] = s } }`,
      );
      expect(error).toBeNull();
      expect(result).toEqual([expected, expected, { [expected]: expected }]);
    }
  });
});

/** Whether a run has ended as a run may end: in words, with no word of ours. */
function expectSound(outcome: Awaited<ReturnType<TestPrograms['run']>>, source: string | Uint8Array): void {
  const { error } = outcome;
  const ended = [
    null,
    'syntax_error',
    'script_error',
    'cpu_limit',
    'memory_limit',
    'output_limit',
    'time_limit',
    'unknown_function',
    'unknown_page',
    'unknown_server',
    'invalid_arguments',
  ];
  const told = typeof source === 'string' ? source : Buffer.from(source).toString('latin1');
  if (!ended.includes(error?.code ?? null)) throw new Error(`${error?.code}: ${error?.message}\n${told}`);
  expect(() => stringifyJson(outcome.result)).not.toThrow();
  if (error !== null) expect(error.message).not.toMatch(/\bat .*\.(?:ts|cjs|js):\d+/);
}

const small = { cpuSeconds: 1, memoryBytes: 4 * 1024 * 1024, outputBytes: 20_000 };

describe('random programs', () => {
  const tokens =
    'and break do else elseif end false for function goto if in local nil not or repeat return then true until while + - * / // % ^ # & ~ | << >> == ~= <= >= < > = ( ) { } [ ] :: ; : , . .. ... x y t f _ENV 1 0 0x1p4 1e308 "s" \'q\' [[l]] <const> <close> print pcall xpcall error select next pairs ipairs load setmetatable getmetatable tostring tonumber type string.rep string.format string.gsub string.find table.concat table.unpack table.sort table.move table.insert coroutine.wrap coroutine.create coroutine.resume coroutine.yield coroutine.close math.random math.huge utf8.char os.time os.date json.encode json.decode json.array json.null regex.match regex.gsub regex.match_all dump parallel parallel.map paginate app app.integrations app.integrations.test app.integrations.test.echo docs.search mcp.servers collectgarbage'.split(
      ' ',
    );

  it('of words of the language end soundly', async () => {
    const random = new Random(3);
    for (let round = 0; round < 400; round += 1) {
      const source = Array.from({ length: 1 + random.below(25) }, () => random.pick(tokens)).join(' ');
      expectSound(await programs.run(source, small), source);
    }
  });

  it('of calls of everything with anything end soundly', async () => {
    const random = new Random(4);
    const functions = tokens
      .filter((token) => /^[a-z]\w*(?:\.\w+)*$/.test(token) && !/^(?:x|y|t|f)$/.test(token))
      .slice(22);
    const things =
      '1 -1 0 0.5 2^53 math.huge 0/0 math.mininteger "" "a" "%d" "%s%q" "(a*)*b" "[" "\\xff\\0" ("x"):rep(1e5) {} {1,2,{3}} {a={b=1}} nil true print error function(...)return(...)end function()error("e")end setmetatable({},{__index=error,__len=error}) setmetatable({},{__tostring=error}) json.null coroutine.create(print) app _G json.array{} string'.split(
        ' ',
      );
    for (let round = 0; round < 400; round += 1) {
      const calls = Array.from({ length: 1 + random.below(4) }, () => {
        const given = Array.from({ length: random.below(5) }, () => random.pick(things)).join(', ');
        return `results[#results + 1] = { pcall(${random.pick(functions)}, ${given || 'nil'}) }`;
      });
      const source = `local results = {} ${calls.join(' ')} print(results) return results`;
      expectSound(await programs.run(source, small), source);
    }
  });

  it('of bytes end soundly', async () => {
    const random = new Random(5);
    for (let round = 0; round < 200; round += 1) {
      const bytes = random.bytes(random.below(200));
      if (random.next() < 0.3) bytes.set([0x1b, 0x4c, 0x75, 0x61, 0x54].slice(0, bytes.length));
      expectSound(await programs.run(bytes, small), bytes);
    }
  });

  it('that were sound and are damaged end soundly', async () => {
    const random = new Random(6);
    const folder = join(import.meta.dirname, 'conformance');
    const sound = readdirSync(folder)
      .filter((name) => name.endsWith('.txt'))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
      .filter((line) => line !== '' && !line.startsWith('--'));
    for (let round = 0; round < 400; round += 1) {
      const bytes = Buffer.from(`${random.pick(sound)} ${random.pick(sound)}`);
      for (let damage = random.below(6); damage >= 0; damage -= 1) {
        const at = random.below(bytes.length);
        if (random.next() < 0.5) bytes[at] = random.below(256);
        else bytes.copyWithin(at, random.below(bytes.length), random.below(bytes.length));
      }
      expectSound(await programs.run(bytes, small), bytes);
    }
  });

  it('leave nothing behind', async () => {
    expect(await programs.result('return { 1 + 1, tostring(x), #json.encode{ 1 } }')).toEqual([2, 'nil', 3]);
  });
});

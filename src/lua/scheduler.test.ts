import { afterAll, describe, expect, it } from 'vitest';
import type { CallRequest } from '../call/index.ts';
import { failure } from '../support/errors.ts';
import type { JsonValue } from '../support/json.ts';
import { TestHost, TestPrograms } from './testing/script-host.ts';

const programs = new TestPrograms();
afterAll(() => programs.close());

/** A host whose calls are answered when the test says so: `open` holds those under way. */
class HeldHost extends TestHost {
  readonly open: { request: CallRequest; settle: (value: JsonValue) => void }[] = [];
  most = 0;
  override answer = (request: CallRequest) =>
    new Promise<JsonValue>((settle) => {
      this.open.push({ request, settle });
      this.most = Math.max(this.most, this.open.length);
      this.onCall();
    });
  onCall: () => void = () => undefined;

  /** Answers calls once no other has come for a moment, the last one first, with what `value` makes of them. */
  static lastFirst(value: (request: CallRequest) => JsonValue = ({ args }) => args): HeldHost {
    const host = new HeldHost();
    let answering: NodeJS.Timeout | undefined;
    host.onCall = () => {
      clearTimeout(answering);
      answering = setTimeout(() => {
        for (const { request, settle } of host.open.splice(0).reverse()) settle(value(request));
      }, 20);
    };
    return host;
  }
}

const failing = failure('api_error', 'No. (404 not_found, GET /x)', {
  hint: 'Look.',
  details: { status: 404, code: 'not_found', message: 'No.' },
});

describe('parallel', () => {
  it('has all its calls under way at once, and keeps the order of its functions', async () => {
    const host = HeldHost.lastFirst();
    const result = await programs.result(
      `local test = app.integrations.test
      local r = parallel{
        function() return test.echo{ n = 1 }.n end,
        function() return test.echo{ n = 2 }.n + test.echo{ n = 10 }.n end,
        function() return "no call" end,
      }
      return r`,
      host,
    );
    expect(result).toEqual([1, 12, 'no call']);
    expect(host.most).toBe(2);
  });

  it('keeps a nil result in its place', async () => {
    const source =
      'local r = parallel{ function() return 1 end, function() end, function() return 3 end, function() end }';
    expect(await programs.result(`${source} return r`)).toEqual([1, null, 3, null]);
    expect(await programs.result(`${source} return { r[2] == nil, tostring(r) }`)).toEqual([
      true,
      '{ 1, nil, 3, nil }',
    ]);
    expect(await programs.result('return parallel{}')).toEqual([]);
  });

  it('does the calls of parallel.map a limited number at a time', async () => {
    for (const [options, most] of [
      ['', 8],
      [', { limit = 3 }', 3],
      [', { limit = 1 }', 1],
      [', { limit = 1000 }', 30],
    ] as const) {
      const host = HeldHost.lastFirst();
      const source = `local list = {} for i = 1, 30 do list[i] = i end
        return parallel.map(list, function(item, index) return app.integrations.test.echo{ n = item }.n * 100 + index end${options})`;
      expect(await programs.result(source, host)).toEqual(
        Array.from({ length: 30 }, (_, index) => (index + 1) * 101),
      );
      expect(host.most).toBe(most);
    }
  });

  it('may be nested', async () => {
    const host = HeldHost.lastFirst();
    const source = `local function leaf(n) return function() return app.integrations.test.echo{ n = n }.n end end
      return parallel{
        function() return parallel{ leaf(1), function() return parallel{ leaf(2), leaf(3) } end } end,
        function() return parallel.map({ 4, 5 }, function(n) return leaf(n)() end) end,
      }`;
    expect(await programs.result(source, host)).toEqual([
      [1, [2, 3]],
      [4, 5],
    ]);
    expect(host.most).toBe(5);
  });

  it('raises the first error with its branch, and starts no branch after it', async () => {
    const host = new TestHost();
    host.answer = ({ args }) => (args['n'] === 2 ? failing : args);
    const source = `local ok, e = pcall(parallel.map, { 1, 2, 3, 4 }, function(n) return app.integrations.test.echo{ n = n } end, { limit = 1 })
      return { ok, e.branch, e.status, tostring(e) }`;
    expect(await programs.result(source, host)).toEqual([false, 2, 404, 'No. (404 not_found, GET /x)']);
    expect(host.calls.map(({ args }) => args['n'])).toEqual([1, 2]);
    const uncaught = await programs.error('parallel{ function() end, function() local x = nil; x() end }');
    expect(uncaught.message).toMatch(
      /^test\.lua:1: attempt to call a nil value \(local 'x'\) \(in branch 2 of parallel\)$/,
    );
  });

  it('tells the host what it no longer wants, and waits for what is under way', async () => {
    const host = new HeldHost();
    const unwanted: boolean[] = [];
    host.call = async (request: CallRequest, _?: AbortSignal, signal?: AbortSignal) => {
      const record = {
        function: '',
        account: '',
        effect: null,
        status: 200,
        attempts: 1,
        duration_ms: 0,
        request_id: null,
      };
      if (request.args['n'] === 1) return { ok: false, error: failing, record };
      await new Promise((resolve) => setTimeout(resolve, 30));
      unwanted.push(signal?.aborted === true);
      return { ok: true, value: 1, text: '1', page: null, record };
    };
    const source = `local ok = pcall(parallel.map, { 1, 2, 3 }, function(n) return app.integrations.test.echo{ n = n } end)
      return ok`;
    expect(await programs.result(source, host)).toBe(false);
    expect(unwanted).toEqual([true, true]);
  });

  it('can give errors as results', async () => {
    const host = new TestHost();
    host.answer = ({ args }) => (args['n'] === 2 ? failing : args);
    const source = `local r = parallel.map({ 1, 2, 3 }, function(n)
        if n == 3 then error({ mine = true }) end
        return app.integrations.test.echo{ n = n }.n
      end, { settle = true })
      return { r[1].ok, r[1].value, r[2].ok, r[2].error.status, r[2].error.branch, r[3].error.mine }`;
    expect(await programs.result(source, host)).toEqual([true, 1, false, 404, 2, true]);
    expect(
      await programs.result(
        'local r = parallel{ function() error("x", 0) end, settle = true } return { r[1].ok, r[1].error }',
      ),
    ).toEqual([false, 'x']);
  });

  it('closes what its branches opened, whatever ends them', async () => {
    const source = `local closed = {}
      local function open(name) return setmetatable({}, { __close = function() closed[#closed + 1] = name end }) end
      pcall(parallel, {
        function() local a <close> = open("finished"); app.integrations.test.echo{} end,
        function() local a <close> = open("failed"); app.integrations.test.echo{}; error("x") end,
        function() local a <close> = open("left"); app.integrations.test.echo{}; app.integrations.test.echo{}; app.integrations.test.echo{} end,
      })
      table.sort(closed)
      return closed`;
    expect(await programs.result(source)).toEqual(['failed', 'finished', 'left']);
  });

  it('is right about calls in every place a branch cannot be left', async () => {
    const host = HeldHost.lastFirst();
    const source = `local test = app.integrations.test
      local function get(n) return test.echo{ n = n }.n end
      local function all()
        local list = { 3, 1, 2 }
        table.sort(list, function(a, b) return get(a) < get(b) end)
        local replaced = ("12"):gsub("%d", function(d) return tostring(get(tonumber(d)) + 1) end)
        local co = coroutine.wrap(function() coroutine.yield(get(5)) return get(6) end)
        local lazy = setmetatable({}, {
          __index = function(_, key) return get(#key) end,
          __add = function(_, n) return get(n) end, __concat = function() return get(8) end,
          __call = function(_, n) return get(n) end, __lt = function() return get(1) == 1 end,
          __tostring = function() return "t" .. get(9) end,
        })
        local seen = {}
        for n in function(_, last) return get((last or 0) + 1) < 3 and (last or 0) + 1 or nil end do seen[#seen + 1] = n end
        local loaded = load("local get = ... return get(11)")(get)
        local closed do local c <close> = setmetatable({}, { __close = function() closed = get(12) end }) end
        local _, caught = xpcall(function() error(get(13)) end, function(e) return get(14) end)
        return { list[1], list[3], replaced, co(), co(), lazy.four, lazy + 7, lazy .. "", lazy(10), lazy < lazy, tostring(lazy), seen[2], loaded, closed, caught }
      end
      local once = json.encode(all())
      local r = parallel{ all, all, all }
      return { once, json.encode(r[1]) == once and json.encode(r[3]) == once }`;
    expect(await programs.result(source, host)).toEqual([
      '[1,3,"23",5,6,4,7,8,10,true,"t9",2,11,12,14]',
      true,
    ]);
  });

  it('leaves the program’s own coroutines alone', async () => {
    const host = HeldHost.lastFirst();
    const source = `local test = app.integrations.test
      local r = parallel{
        function()
          local out = {}
          local gen = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(test.echo{ n = i }.n) end end)
          for v in gen do out[#out + 1] = v end
          return out
        end,
        function() return test.echo{ n = 9 }.n end,
      }
      return r`;
    expect(await programs.result(source, host)).toEqual([[1, 2, 3], 9]);
    expect((await programs.error('parallel{ function() coroutine.yield(1) end }')).message).toContain(
      'a branch of parallel cannot yield',
    );
  });

  it('says what it takes', async () => {
    for (const [source, message] of [
      ['parallel(5)', 'parallel: expected a list of functions'],
      [
        'parallel{ app.integrations.test.echo{} }',
        'parallel: item 1 is a table, not a function; write function()',
      ],
      ['parallel.map(1, print)', 'parallel.map: expected a list, got number'],
      ['parallel.map({}, 1)', 'parallel.map: expected a function to call with each item, got number'],
      ['parallel.map({}, print, { limit = 0 })', 'parallel.map: limit is a whole number from 1, not 0'],
      ['parallel.map({}, print, { limits = 1 })', 'parallel.map has no option limits'],
      ['parallel.map({}, print, 3)', 'parallel.map: its options are a table'],
      ['parallel.x = 1', 'parallel cannot be changed'],
    ] as const) {
      const { message: said } = await programs.error(source);
      expect(said).toContain(message);
      expect(said).toMatch(/^test\.lua:1: /);
    }
  });

  it('goes well with calls of a thousand branches', async () => {
    const source = `local list = {} for i = 1, 1000 do list[i] = i end
      local sum = 0 for _, n in ipairs(parallel.map(list, function(n) return app.integrations.test.echo{ n = n }.n end, { limit = 500 })) do sum = sum + n end
      return sum`;
    expect(await programs.result(source)).toBe(500_500);
  });
});

describe('paginate', () => {
  /** Lists of numbers, three to a page. */
  const numbers = (count: number) => {
    const host = new TestHost();
    host.answer = ({ args }) => {
      const from = Number(args['after'] ?? 0);
      return { data: Array.from({ length: Math.min(3, count - from) }, (_, index) => from + index + 1) };
    };
    host.page = ({ args }) => {
      const from = Number(args['after'] ?? 0) + 3;
      return { items: 'data', next: from < count ? { ...args, after: from } : null };
    };
    return host;
  };

  it('gives every item of every page, with its number', async () => {
    for (const count of [0, 1, 3, 4, 10]) {
      const host = numbers(count);
      const source = `local seen = json.array{} for item, number in paginate(app.integrations.test.list, { limit = 3 }) do
        seen[#seen + 1] = item == number and item end return seen`;
      expect(await programs.result(source, host)).toEqual(
        Array.from({ length: count }, (_, index) => index + 1),
      );
      expect(host.calls.length).toBe(Math.max(1, Math.ceil(count / 3)));
      expect(host.calls.every(({ args }) => args['limit'] === 3)).toBe(true);
    }
  });

  it('asks for the next page when half of one is used up, and for none after a break', async () => {
    const host = numbers(100);
    await programs.result('for _ in paginate(app.integrations.test.list) do break end return 1', host);
    expect(host.calls.length).toBe(1);
    const further = numbers(100);
    await programs.result(
      'for _, n in paginate(app.integrations.test.list) do if n == 2 then break end end return 1',
      further,
    );
    expect(further.calls.length).toBe(2);
  });

  it('leaves the table of arguments as it was', async () => {
    const source = `local args = { limit = 1 } for _ in paginate(app.integrations.test.list, args) do end return args`;
    expect(await programs.result(source, numbers(9))).toEqual({ limit: 1 });
  });

  it('runs inside parallel', async () => {
    const source = `local function sum() local s = 0 for n in paginate(app.integrations.test.list) do s = s + n end return s end
      return parallel{ sum, sum, sum }`;
    expect(await programs.result(source, numbers(10))).toEqual([55, 55, 55]);
  });

  it('raises the error of a page where it is reached', async () => {
    const host = numbers(10);
    const { answer } = host;
    host.answer = (request) => (request.args['after'] === 3 ? failing : answer(request));
    const source = `local seen = 0
      local ok, e = pcall(function() for _ in paginate(app.integrations.test.list) do seen = seen + 1 end end)
      return { seen, ok, e.status }`;
    expect(await programs.result(source, host)).toEqual([3, false, 404]);
  });

  it('says what it takes, and when there is no list', async () => {
    expect((await programs.error('paginate(print)')).message).toContain(
      'paginate: expected a function of app.integrations',
    );
    expect((await programs.error('paginate(app.integrations.test.list, 5)')).message).toContain(
      'paginate: expected a table of arguments',
    );
    const host = new TestHost();
    host.answer = () => ({ id: 1 });
    const error = await programs.error('for _ in paginate(app.integrations.test.get) do end', host);
    expect(error.message).toContain('get does not answer with a list');
  });

  it('does not follow a list that goes in circles', async () => {
    const host = new TestHost();
    host.answer = () => ({ data: [1] });
    host.page = () => ({ items: 'data', next: { after: 'same' } });
    const error = await programs.error('for _ in paginate(app.integrations.test.list) do end', host);
    expect(error.message).toContain('names the page it has just given as the next one');
    expect(host.calls.length).toBe(2);
  });
});

import { afterAll, describe, expect, it } from 'vitest';
import { TestPrograms } from './testing/script-host.ts';

const programs = new TestPrograms();
afterAll(() => programs.close());

/** Runs an expression with `p` as the pattern and `t` as the text. */
const result = (expression: string, pattern: string, text = '') =>
  programs.result(`local p, t = ${JSON.stringify(pattern)}, ${JSON.stringify(text)} return ${expression}`);
const match = (pattern: string, text: string) => result('regex.match(t, p)', pattern, text);
const matchAll = (pattern: string, text: string) => result('regex.match_all(t, p)', pattern, text);

describe('regex.match', () => {
  it('gives the whole match, then the groups', async () => {
    expect(await match('(\\d+)-(\\d+)', 'from 10-25 on')).toEqual(['10-25', '10', '25']);
    expect(await match('x', 'from 10-25 on')).toBeNull();
  });

  it('has an empty string for a group that took no part, and leaves out the last ones', async () => {
    expect(await match('(a)?(b)(c)?', 'b')).toEqual(['b', '', 'b']);
  });

  it('has named groups by their names too', async () => {
    expect(await result('regex.match(t, p).year .. regex.match(t, p)[2]', '(?<year>\\d{4})', 'in 2026')).toBe(
      '20262026',
    );
    expect(await result('regex.match(t, p).y', "(?'y'\\d{4})", 'in 2026')).toBe('2026');
    expect(await result('regex.match(t, p).y', '(?P<y>\\d{4})-(?P=y)', '2026-2026')).toBe('2026');
  });

  it('takes patterns with delimiters and flags, and without', async () => {
    expect(await match('/ABC/i', 'xabcx')).toEqual(['abc']);
    expect(await match('#^b$#m', 'a\nb\nc')).toEqual(['b']);
    expect(await match('~a.b~s', 'a\nb')).toEqual(['a\nb']);
    expect(await match('/a b # words\n/x', 'ab')).toEqual(['ab']);
    expect(await match('/a.*b/U', 'aXbXb')).toEqual(['aXb']);
    expect(await match('/^\\w+$/u', 'größe')).toEqual(['größe']);
    expect(await match('\\w+', 'größe')).toEqual(['gr']);
    expect(await match('/b/A', 'ab')).toBeNull();
    expect(await match('/usr/local', 'in /usr/local')).toEqual(['/usr/local']);
    expect(await match('(a)|(b)', 'b')).toEqual(['b', '', 'b']);
  });

  it.each([
    ['look-ahead', 'foo(?=bar)', 'foobar', ['foo']],
    ['negative look-ahead', 'foo(?!bar)', 'foobar foobaz', ['foo']],
    ['look-behind', '(?<=\\$)\\d+', 'cost $42', ['42']],
    ['negative look-behind', '(?<!\\$)\\b\\d+', '$42 17', ['17']],
    ['properties of characters', '\\p{Lu}\\p{Ll}+', 'eine Öffnung', ['Öffnung']],
    ['scripts', '\\p{Greek}+', 'abc λόγος', ['λόγος']],
    ['atomic groups', '(?>a+)b', 'aaab', ['aaab']],
    ['possessive quantifiers', 'a++b', 'aaab', ['aaab']],
    ['recursion', '\\((?:[^()]++|(?R))*\\)', 'f(a(b)c)d', ['(a(b)c)']],
    ['conditionals', '(<)?a(?(1)>|!)', '<a> a!', ['<a>', '<']],
    ['back references', '(\\w)\\1', 'hello', ['ll', 'l']],
    ['classes of POSIX', '[[:upper:]]+', 'abCDe', ['CD']],
    ['quoting', '\\Qa.b\\E', 'axb a.b', ['a.b']],
    ['line ends', 'a\\Rb', 'a\r\nb', ['a\r\nb']],
    ['resetting the start', 'foo\\Kbar', 'foobar', ['bar']],
    ['inline flags', '(?i)abc(?-i)D', 'ABCD', ['ABCD']],
    ['characters beyond the first plane', '^.$', '😀', ['😀']],
    ['verbs', 'a(*SKIP)(*FAIL)|b', 'ab', ['b']],
  ])('knows %s', async (_, pattern, text, expected) => {
    expect(await match(pattern, text)).toEqual(expected);
  });
});

describe('regex.match_all', () => {
  it('gives a list of the whole matches, then one of each group', async () => {
    expect(await matchAll('(\\w)(\\d)?', 'a1 b')).toEqual([
      ['a1', 'b'],
      ['a', 'b'],
      ['1', ''],
    ]);
    expect(await matchAll('x', 'abc')).toEqual([[]]);
    expect(await result('regex.match_all(t, p).n[2]', '(?<n>\\d)', '1 2')).toBe('2');
  });

  it('goes on after an empty match, and finds what is not empty at the same place', async () => {
    expect(await matchAll('', 'ab')).toEqual([['', '', '']]);
    expect(await matchAll('a*', 'baac')).toEqual([['', 'aa', '', '']]);
    expect(await matchAll('|a', 'a')).toEqual([['', 'a', '']]);
    expect(await matchAll('', '😀')).toEqual([['', '']]);
    expect(await matchAll('(?=(\\w))', 'ab')).toEqual([
      ['', ''],
      ['a', 'b'],
    ]);
  });
});

describe('regex.gsub', () => {
  it('replaces, and says how often', async () => {
    expect(
      await programs.result(
        'return { regex.gsub("2026-11-24", "(\\\\d+)-(\\\\d+)-(\\\\d+)", "$3.$2.\\\\1") }',
      ),
    ).toEqual(['24.11.2026', 1]);
    expect(await programs.result('return { regex.gsub("a b c", "\\\\s", "") }')).toEqual(['abc', 2]);
    expect(await programs.result(`return (regex.gsub("ab", "/B/i", "[$0$${'{0}'}0\\\\\\\\]"))`)).toBe(
      'a[bb0\\]',
    );
    expect(await programs.result('return { regex.gsub("abc", "", "-") }')).toEqual(['-a-b-c-', 4]);
    expect(await programs.result('return (regex.gsub("x", "(x)(y)?", "[$2$3]"))')).toBe('[]');
  });

  it('stops at a limit', async () => {
    expect(await programs.result('return { regex.gsub("aaaa", "a", "b", 2) }')).toEqual(['bbaa', 2]);
    expect(await programs.result('return { regex.gsub("aa", "a", "b", 0) }')).toEqual(['aa', 0]);
    expect(await programs.result('return { regex.gsub("aa", "a", "b", -1) }')).toEqual(['bb', 2]);
  });

  it('may call a function, which may make calls', async () => {
    const source = `local test = app.integrations.test
      return { regex.gsub("a1 b2", "([a-z])(\\\\d)", function(letter, digit)
        return test.echo{ v = digit }.v .. letter:upper() end), regex.gsub("ab", ".", function(c) if c == "b" then return 7 end end) }`;
    expect(await programs.result(source)).toEqual(['1A 2B', 'a7', 2]);
    expect((await programs.error('regex.gsub("a", "a", function() error("mine", 0) end)')).message).toBe(
      'mine',
    );
    expect((await programs.error('regex.gsub("a", "a", function() return {} end)')).message).toContain(
      'gave a table, not a string',
    );
  });
});

describe('a regular expression that goes wrong', () => {
  it('says where and why', async () => {
    for (const [pattern, position] of [
      ['(a', 3],
      ['/(a/', 4],
      ['[z-a]', 4],
      ['a{2,1}', 6],
      ['/\\w+(/u', 6],
    ] as const) {
      const { message } = await programs.error(`regex.match("x", ${JSON.stringify(pattern)})`);
      expect(message).toMatch(
        new RegExp(`^test\\.lua:1: regex\\.match: the pattern is wrong at position ${position}: \\w`),
      );
    }
  });

  it('wants text', async () => {
    expect((await programs.error('regex.match(nil, "a")')).message).toContain(
      'regex.match: expected a string, got nil',
    );
    expect((await programs.error('regex.match("\\xff", "a")')).message).toContain(
      'regex.match: argument 1 is not valid UTF-8',
    );
    expect(await programs.result('return regex.match("\\u{FFFD}", ".")[1] == "\\u{FFFD}"')).toBe(true);
    expect((await programs.error('regex.gsub("a", "a", "b", "x")')).message).toContain(
      'the limit is a whole number',
    );
  });

  it('gives up a search without end as an error, or is ended by the CPU limit', async () => {
    const { message } = await programs.error('regex.match(("a"):rep(40) .. "b", "^(a+)+$")');
    expect(message).toContain('the pattern tries too many ways to match');
    const limited = await programs.run(
      'print("x") while true do pcall(regex.match, ("a"):rep(40) .. "b", "^(a+)+$") end',
      {
        cpuSeconds: 0.1,
      },
    );
    expect(limited).toMatchObject({ output: 'x\n', error: { code: 'cpu_limit' } });
  });

  it('keeps to its memory', async () => {
    expect((await programs.error('regex.match(("a"):rep(9000000), "b")')).message).toContain(
      'the text is too long',
    );
    const source = 'local s = ("a"):rep(1000000) return regex.gsub(s, "a", s)';
    expect((await programs.run(source)).error?.code).toMatch(/script_error|memory_limit/);
    expect(
      await programs.result('for i = 1, 3000 do regex.match("x" .. i, "(x)(" .. i .. ")") end return 1'),
    ).toBe(1);
    expect(await programs.result('for i = 1, 60 do regex.match(("a"):rep(500000), "b") end return 1')).toBe(
      1,
    );
  });

  it('goes through a long text in one go: a match does not look at all of the rest', async () => {
    const source = 'return select(2, regex.gsub(("äb"):rep(200000), "(ä)(b)", "$2$1"))';
    expect(await programs.run(source, { cpuSeconds: 20 })).toMatchObject({ error: null, result: 200_000 });
  });
});

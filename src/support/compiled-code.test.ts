import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compile, compiledSuffix, loadCompiledCode } from './compiled-code.ts';

const require = createRequire(import.meta.url);
const source =
  'exports.sum = (a, b) => a + b; exports.file = __filename; exports.other = require("./other.cjs");';
let folder = '';

/** Writes a file, with the code V8 has of it unless something else is to stand there. */
function write(name: string, text: string, compiled?: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  writeFileSync(file + compiledSuffix, compiled ?? compile(file, null).createCachedData());
  return file;
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'kosmo-compiled-')));
});

afterEach(() => {
  delete require.extensions['.cjs'];
  rmSync(folder, { recursive: true });
});

describe('a file with compiled code', () => {
  it('is a module like any other', () => {
    write('other.cjs', 'module.exports = "other";');
    const file = write('one.cjs', source);
    loadCompiledCode(folder);
    const { sum, ...rest } = require(file);
    expect(sum(1, 2)).toBe(3);
    expect(rest).toEqual({ file, other: 'other' });
  });

  it('is compiled when the code is no code of V8', () => {
    const file = write('one.cjs', 'exports.one = 1;', 'garbage');
    loadCompiledCode(folder);
    expect(require(file)).toEqual({ one: 1 });
  });

  it('is compiled when the code is of another source', () => {
    const file = write('one.cjs', 'exports.one = 1;');
    writeFileSync(file, 'exports.two = "another length";');
    loadCompiledCode(folder);
    expect(require(file)).toEqual({ two: 'another length' });
  });

  it('is left alone in another folder', () => {
    const file = write('one.cjs', 'exports.one = 1;', 'garbage');
    loadCompiledCode(join(folder, 'below'));
    expect(require(file)).toEqual({ one: 1 });
  });

  it('is left to whoever has a say already', () => {
    const file = write('one.cjs', 'exports.one = 1;');
    const theirs = vi.fn();
    require.extensions['.cjs'] = theirs;
    loadCompiledCode(folder);
    require(file);
    expect(theirs).toHaveBeenCalledOnce();
  });
});

describe('the built product', () => {
  const chunks = join(import.meta.dirname, '../../dist/chunks');

  it('imports nothing by itself, because that fails in what was compiled', () => {
    const names = readdirSync(chunks).filter((name) => name.endsWith('.cjs'));
    const importing = names.filter((name) =>
      /[^\w.$]import\(/.test(readFileSync(join(chunks, name), 'utf8')),
    );
    expect(importing).toEqual([]);
  });

  it('has code that this Node.js takes', () => {
    const compiled = readdirSync(chunks).filter((name) => name.endsWith(compiledSuffix));
    expect(compiled.some((name) => name.startsWith('run-'))).toBe(true);
    for (const name of compiled) {
      const file = join(chunks, name.slice(0, -compiledSuffix.length));
      const script = compile(file, readFileSync(join(chunks, name)));
      expect([name, script.cachedDataRejected]).toEqual([name, false]);
    }
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TestPrograms } from '../testing/script-host.ts';

// What the reference manual of Lua 5.4 says, as chunks and what comes of them. A file has pairs of lines: the chunk,
// and after an arrow its values, or its error. Where Lua itself is installed, it must agree with every one of them.
const folder = import.meta.dirname;
const evaluate = readFileSync(join(folder, 'evaluate.lua'), 'utf8');
const chapters = readdirSync(folder).filter((name) => name.endsWith('.txt'));

interface Case {
  readonly source: string;
  readonly expected: string;
}

function casesOf(chapter: string): Case[] {
  const lines = readFileSync(join(folder, chapter), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (!line.startsWith('-->')) return [];
    return [{ source: lines[index - 1] ?? '', expected: line.slice(4) }];
  });
}

/** A program that prints what comes of each case, one a line. */
function programFor(cases: readonly Case[]): string {
  const sources = cases.map(({ source }) => `[==========[${source}]==========]`).join(',\n');
  return `${evaluate}\nlocal print = print\nfor _, source in ipairs{${sources}} do print((run(source):gsub("\\n", "\\\\n"))) end`;
}

/** The cases with what came of them, to compare with what should. */
function resultsOf(cases: readonly Case[], output: string): Case[] {
  // What a case itself prints stands before its own line.
  const lines = output.split('\n').filter((line) => line !== '1\tnil');
  return cases.map(({ source }, index) => ({ source, expected: lines[index] ?? '' }));
}

const programs = new TestPrograms();
const work = mkdtempSync(join(tmpdir(), 'kosmo-conformance-'));
afterAll(async () => {
  rmSync(work, { recursive: true });
  await programs.close();
});

const native = spawnSync('lua5.4', ['-v']).status === 0;

describe.each(chapters)('Lua, %s', (chapter) => {
  const cases = casesOf(chapter);
  const trimmed = cases.map(({ source, expected }) => ({ source, expected: expected.trimEnd() }));

  it('is as the reference manual says', async () => {
    expect(cases.length).toBeGreaterThan(10);
    const { output, error } = await programs.run(programFor(cases));
    expect(error).toBeNull();
    expect(resultsOf(cases, output)).toEqual(trimmed);
  });

  it.runIf(native)('is as in Lua itself', () => {
    const file = join(work, 'program.lua');
    writeFileSync(file, programFor(cases));
    const { stdout } = spawnSync('lua5.4', [file], { encoding: 'utf8' });
    expect(resultsOf(cases, stdout)).toEqual(trimmed);
  });
});

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/workos-local/catalogue.ts';
import { coverageOf, coveragePage, renderCoverage } from '../../src/workos-local/testing/coverage-page.ts';
import { everythingSeen } from '../../src/workos-local/testing/seen.ts';
import { namedUnprovoked } from '../../src/workos-local/testing/unprovoked.ts';

const seen = everythingSeen();
const folder = join('src', 'workos-local');
/** The tests of the local server that look at its answers one by one. */
const lookers = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((name) => join(folder, name))
  .filter((name) => name.endsWith('.test.ts') && !name.endsWith('fuzz.test.ts'))
  .filter((name) => /new LocalClient\(|FileClient\.open\(|World\.open\(/.test(readFileSync(name, 'utf8')));
/** Only a run of all tests can tell what no test sees. */
const isWhole = lookers.every((file) => seen.some((one) => one.file === file));
const rows = coverageOf(new Catalogue(), seen);

it('of the operations of the WorkOS document each is handled', () => {
  expect(rows.filter(({ file }) => file === null).map((row) => row.operationId)).toEqual([]);
});

describe.skipIf(!isWhole)('of the operations of the WorkOS document', () => {
  it('each that is handled succeeds in a test, with an answer that the document describes', () => {
    const handled = rows.filter(({ file }) => file !== null);
    expect(handled.length).toBeGreaterThan(100);
    expect(handled.filter(({ tests }) => tests.length === 0).map((row) => row.operationId)).toEqual([]);
  });

  it('each that is handled is seen with each error it can be made to answer', () => {
    const missing = rows.flatMap((row) =>
      row.file === null ? [] : row.missing.map((status) => `${row.operationId} ${status}`),
    );
    expect(missing).toEqual([]);
  });

  it('none is excused for an error that it does answer', () => {
    const excused = namedUnprovoked.filter(({ operationId, status }) =>
      rows.some((row) => row.operationId === operationId && row.statuses.includes(status)),
    );
    expect(excused).toEqual([]);
  });

  it.runIf(process.env['WRITE_COVERAGE'] === '1')('all are written to the page of the coverage', () => {
    writeFileSync(coveragePage, renderCoverage(rows));
  });
});

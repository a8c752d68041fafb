import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime } from '../../index.ts';
import { guides } from './index.ts';

const home = mkdtempSync(join(tmpdir(), 'kosmo-guides-'));
afterAll(() => rmSync(home, { recursive: true }));

/** A guide names no API: a reader puts in their own. */
function withNames(program: string): string {
  return program
    .replaceAll('NAME.FUNCTION, { id', 'workos.get_user, { id')
    .replace(/NAME\.(?:ACCOUNT|staging|localhost)\.FUNCTION/g, 'workos.localhost.list_users')
    .replaceAll('NAME.FUNCTION', 'workos.list_users')
    .replaceAll('app.integrations.NAME', 'app.integrations.workos');
}

const programs = guides
  .filter(({ name }) => name !== 'examples')
  .flatMap(({ name, markdown }) =>
    [...markdown([]).matchAll(/^```lua\n(.*?)^```$/gms)].map(([, program = '']) => [name, program] as const),
  );

describe('the programs of the guides', () => {
  it.each(programs)('%s: %s', async (_, program) => {
    const kosmo = createRuntime({ home, localDatabase: ':memory:', environment: {} });
    const { error } = await kosmo.lua({
      source: withNames(program),
      name: 'guide.lua',
      account: 'localhost',
    });
    await kosmo.close();
    expect(error).toBe(null);
  });

  it('stand in most guides', () => {
    expect(new Set(programs.map(([name]) => name)).size).toBe(4);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openSite } from '../../src/cli/documentation/open-site.ts';
import { Runtime } from '../../src/runtime/index.ts';
import { type Site, writeSite } from '../../src/site/index.ts';

export interface BuiltSite {
  /** Where it was written. */
  readonly folder: string;
  readonly site: Site;
}

/** The site of what comes in the box, written once for the tests of a file. */
export function useBuiltSite(): () => BuiltSite {
  let built: BuiltSite | null = null;
  let home = '';
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'kosmo-site-'));
    const folder = join(home, 'site');
    const site = await openSite(new Runtime({ home: join(home, 'kosmo'), environment: {} }));
    await writeSite(site, folder);
    built = { folder, site };
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  return () => {
    if (built === null) throw new Error('The site is built before the tests.');
    return built;
  };
}

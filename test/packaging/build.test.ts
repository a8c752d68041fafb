import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { build } from '../../scripts/build/build.mjs';
import { StepFailure } from '../../scripts/prepare/run.mjs';
import { temporaryFolder } from './temporary-folder.ts';

it('sources that do not build leave the last build as it was, and the message names what is wrong', async () => {
  const root = temporaryFolder({
    'package.json': '{}',
    'package-lock.json': '{}',
    'integrations/a.json': '{}',
    'scripts/build/command.mjs': '',
    'src/build/compile-integrations.ts': '',
    'src/lua/worker-entry.ts': '',
    'src/index.ts': `import './gone.ts';`,
    'src/workos-local/library.ts': '',
    'dist/index.js': 'the last build',
    'dist/.built': 'its stamp',
  });
  const failure = await build(root).catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(StepFailure);
  expect(String(failure)).toContain(`Could not resolve './gone.ts' in src/index.ts`);
  expect(readFileSync(join(root, 'dist/index.js'), 'utf8')).toBe('the last build');
  expect(readFileSync(join(root, 'dist/.built'), 'utf8')).toBe('its stamp');
  expect(existsSync(join(root, 'dist/chunks'))).toBe(false);
});

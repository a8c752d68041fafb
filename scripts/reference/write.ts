/** Writes the reference pages into the folder that is named. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliPage } from './cli-page.ts';
import { errorsPage } from './errors-page.ts';

const [folder = 'docs'] = process.argv.slice(2);
writeFileSync(join(folder, 'cli.md'), await cliPage());
writeFileSync(join(folder, 'errors.md'), errorsPage());

import { join } from 'node:path';
import { ManifestReader } from '../../manifest/index.ts';

/** The compiled WorkOS document, as the build leaves it. Tests run from the repository's root. */
export const manifest = ManifestReader.open(join(process.cwd(), 'dist', 'integrations', 'workos'), 'workos');

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseDocumentText } from '../../src/spec/document.ts';
import { readText } from '../../src/spec/open-document.ts';
import { repository } from '../e2e/kosmo.ts';
import { drive, install, validatingServer } from './drive.ts';

const home = mkdtempSync(join(tmpdir(), 'kosmo-documents-'));

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Public documents of different makers and styles, as npm packages have them. */
const documents = [
  // A remote control: POSTs alone, their arguments in the query.
  ['rclone', 'rclone-openapi/openapi.json', 100],
  // Written by hand for tools to be tried with: 3.1, multipart, callbacks, every kind of security.
  ['galaxy', '@scalar/galaxy/dist/latest.yaml', 9],
  // Made by NSwag from a .NET service: 3.0, discriminators, cursors.
  ['dialogporten', '@digdir/dialogporten-schema/swagger.verified.json', 29],
  // 3.1 by hand, with links and webhooks.
  ['train_travel', '@readme/oas-examples/3.1/json/train-travel.json', 7],
  // A hundred search forms, application/x-www-form-urlencoded.
  ['star_trek', '@readme/oas-examples/3.0/json/star-trek.json', 120],
  // The one everybody knows.
  ['petstore', '@readme/oas-examples/3.0/json/petstore.json', 20],
] as const;

/** Operations with a list of objects in their query, for which OpenAPI has no way of writing. */
const unspecified = ['rclone_job_batch'];

describe.each(documents)('the document of %s', (name, file, least) => {
  it('is compiled, and every call made from it is valid by an independent validator', async () => {
    const spec = join(repository, 'node_modules', file);
    const { edition } = await install(home, name, { spec, baseUrl: 'https://example.com' });
    expect(edition.report.unnamed).toEqual([]);
    const { server, url } = await validatingServer(parseDocumentText(readText(spec), spec));
    try {
      const { operations, failures } = await drive(home, name, url, {
        extents: ['full'],
        skipped: unspecified,
      });
      expect(failures).toEqual([]);
      expect(operations).toBeGreaterThanOrEqual(least);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }, 120_000);
});

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readDocumentPackage } from '../spec/document.ts';
import { argumentSizes } from './argument-check.ts';
import { argumentSchemaOf } from './argument-schema.ts';
import { compileManifest } from './compile.ts';
import { requestView } from './request-view.ts';
import { ManifestReader } from './store.ts';

it('the size that is reported is that of the schema a call is checked by', () => {
  const from = join(import.meta.dirname, '../../package.json');
  const source = readDocumentPackage('@workos/openapi-spec', 'open-api-spec.yaml', from);
  const manifest = compileManifest('workos', source, source.content, []);
  const reader = ManifestReader.of(manifest);
  const sizes = argumentSizes(manifest);
  expect(sizes.size).toBe(manifest.operations.length);
  for (const [operation, size] of sizes) {
    const schema = requestView(argumentSchemaOf(operation));
    const named = Object.entries(reader.schemasOf(schema)).map(([name, part]) => [name, requestView(part)]);
    expect(size).toBe(JSON.stringify({ ...schema, schemas: Object.fromEntries(named) }).length);
  }
});

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { KosmoError, systemErrorCode } from '../support/errors.ts';
import { isJsonObject, type JsonObject } from '../support/json.ts';

/** An OpenAPI (or overlay) document as read, with what is needed to know it again. */
export interface SourceDocument {
  readonly content: JsonObject;
  /** `npm:PACKAGE`, or the file's path as it was given. */
  readonly location: string;
  /** The package's version; empty for a file. */
  readonly version: string;
  /** SHA-256 of the text, in hex. */
  readonly sha256: string;
}

/** Reads a YAML or JSON document from a file. */
export function readDocumentFile(path: string, location = path, version = ''): SourceDocument {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new KosmoError(
      'input_unreadable',
      `Cannot read ${path} (${systemErrorCode(error) ?? 'unknown reason'}).`,
    );
  }
  return {
    content: parseDocumentText(text, location),
    location,
    version,
    sha256: createHash('sha256').update(text).digest('hex'),
  };
}

/**
 * Reads a document that an installed npm package carries.
 * @param from the module the package is looked up from
 */
export function readDocumentPackage(packageName: string, file: string, from: string): SourceDocument {
  const require = createRequire(from);
  let manifestPath: string;
  try {
    manifestPath = require.resolve(`${packageName}/package.json`);
  } catch {
    throw new KosmoError('document_invalid', `The npm package ${packageName} is not installed.`);
  }
  const manifest: unknown = JSON.parse(readFileSync(manifestPath, 'utf8'));
  const version =
    isJsonObject(manifest) && typeof manifest['version'] === 'string' ? manifest['version'] : '';
  return readDocumentFile(join(dirname(manifestPath), file), `npm:${packageName}`, version);
}

/** Parses YAML 1.2 (of which JSON is a part); an error names the line and column. */
export function parseDocumentText(text: string, location: string): JsonObject {
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true });
  const problem = document.errors[0];
  if (problem !== undefined) {
    throw new KosmoError('document_invalid', `${location} does not parse: ${problem.message}`);
  }
  // The limit stops documents that grow a thousandfold through aliases.
  const content: unknown = document.toJS({ maxAliasCount: 10_000 });
  if (!isJsonObject(content)) {
    throw new KosmoError('document_invalid', `${location} is not a document: its top level is no mapping.`);
  }
  return content;
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  BaseResolver,
  bundle,
  type Config,
  createConfig,
  type Document,
  lintDocument,
  makeDocumentFromString,
  Source,
  YamlParseError,
} from '@redocly/openapi-core';
import { KosmoError, systemErrorCode } from '../support/errors.ts';
import { isJsonObject, type JsonObject } from '../support/json.ts';
import type { SourceDocument } from './document.ts';
import { checkExpansion } from './expansion.ts';
import { type DocumentFault, documentFaults } from './faults.ts';
import { grammar } from './grammar.ts';
import { circularReferences } from './references.ts';

/** How a document that others wrote is read. */
export interface DocumentReading {
  /** The file's path or the URL, as messages call it and as it is kept. */
  readonly location: string;
  readonly text: string;
  /** The hosts from which parts of the document may be read. */
  readonly hosts: ReadonlySet<string>;
  /** Reads a URL. */
  fetch(url: string): Promise<string>;
}

/** A document that was read, checked and made one. */
export interface OpenedDocument extends SourceDocument {
  /** What is odd about it and does no harm. */
  readonly remarks: readonly DocumentFault[];
  /** Other files and URLs that parts of it came from. */
  readonly parts: readonly string[];
}

/**
 * Reads an OpenAPI 3.0, 3.1 or 3.2 document in YAML or JSON, checks its structure, and puts what it refers to in other
 * files into it.
 *
 * What is wrong where kosmo looks is a fault, and all faults come together; what is odd elsewhere (a missing licence,
 * a field the standard does not know) is a remark.
 * @throws KosmoError `document_invalid`, each fault with its JSON pointer
 */
export async function openDocument(reading: DocumentReading): Promise<OpenedDocument> {
  const { location, text } = reading;
  const document = withoutSelf(parse(location, text));
  const content = checkVersion(document.parsed, location);
  checkExpansion(content, location);
  const config = await checks();
  const resolver = new Resolver(reading);
  const problems = await lintDocument({ document, externalRefResolver: resolver, config }).catch(
    (error: unknown) => {
      throw circularFaults(content, location) ?? error;
    },
  );
  const found = problems.map(({ message, location: places }): DocumentFault & { harmless: boolean } => {
    const [place] = places;
    const pointer = place?.pointer ?? '#/';
    const file = nameOf(place?.source.absoluteRef ?? '', document, location);
    const said = message.replace(/\s+/g, ' ').replace(/\.$/, '');
    return { file, pointer, message: said, harmless: isHarmless(pointer, said) };
  });
  const faults = found.filter(({ harmless }) => !harmless).map(withoutVerdict);
  if (faults.length > 0) throw documentFaults(location, faults);
  const whole = resolver.parts.size > 0 ? await joined(document, config, resolver) : content;
  return {
    content: whole,
    location,
    version: '',
    sha256: createHash('sha256').update(text).digest('hex'),
    remarks: found.map(withoutVerdict),
    parts: [...resolver.parts],
  };
}

/** Reads a document file's text. @throws KosmoError `input_unreadable` */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error) ?? 'unknown reason';
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new KosmoError('input_unreadable', `Cannot read ${path}: ${reason}.`, { details: { file: path } });
  }
}

function parse(location: string, text: string): Document {
  const reference = isUrl(location) ? location : resolve(location);
  // What is JSON is read by the machine's own parser, which takes a tenth of the time.
  if (/^\s*\{/.test(text)) {
    try {
      return { source: new Source(reference, text), parsed: JSON.parse(text) };
    } catch {
      // YAML may begin so, too; and its parser says where the mistake is.
    }
  }
  try {
    return makeDocumentFromString(text, reference);
  } catch (error) {
    if (error instanceof YamlParseError) {
      const reason = error.originalError.message.split('\n')[0] ?? '';
      throw new KosmoError('document_invalid', `${location} does not parse: ${reason}`, {
        details: { document: location, line: error.line, column: error.col },
      });
    }
    throw error;
  }
}

/** A document that refers to itself by the URL it gives itself (`$self`, OpenAPI 3.2) refers to itself all the same. */
function withoutSelf(document: Document): Document {
  const { parsed } = document;
  const self = isJsonObject(parsed) ? parsed['$self'] : undefined;
  if (typeof self !== 'string' || !isUrl(self)) return document;
  const settled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(settled);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === '$ref' && typeof inner === 'string' && inner.startsWith(`${self}#`)
          ? inner.slice(self.length)
          : settled(inner),
      ]),
    );
  };
  return { ...document, parsed: settled(parsed) };
}

function checkVersion(content: unknown, location: string): JsonObject {
  if (!isJsonObject(content)) {
    throw documentFaults(location, [
      { file: location, pointer: '#/', message: 'it is no OpenAPI document: its top level is no mapping' },
    ]);
  }
  const { openapi, swagger } = content;
  if (typeof openapi === 'string' && /^3\.[012](\.\d+)?(-|$)/.test(openapi)) return content;
  const fault = (pointer: string, message: string, hint: string) => {
    const error = documentFaults(location, [{ file: location, pointer, message }]);
    return KosmoError.of({ ...error.failure, hint });
  };
  if (swagger !== undefined) {
    throw fault(
      '#/swagger',
      `it is Swagger ${JSON.stringify(swagger)}; kosmo reads OpenAPI 3.0, 3.1 and 3.2`,
      'Convert it first, for example with npx swagger2openapi.',
    );
  }
  throw fault(
    '#/openapi',
    openapi === undefined
      ? 'it says no version; an OpenAPI document begins with openapi: 3.1.0'
      : `version ${JSON.stringify(openapi)} is none that kosmo reads: 3.0, 3.1 and 3.2`,
    'Give the path or URL of an OpenAPI 3 document.',
  );
}

/** The structure by the standard's own grammar, and that every reference leads somewhere. */
function checks(): Promise<Config> {
  return createConfig({ plugins: [grammar], rules: { struct: 'error', 'no-unresolved-refs': 'error' } });
}

/** References in a circle, at which the check of the structure gives up; null when there are none. */
function circularFaults(content: JsonObject, location: string): KosmoError | null {
  const pointers = circularReferences(content);
  if (pointers.length === 0) return null;
  const message = 'its $ref leads back to itself, and to no value';
  return documentFaults(
    location,
    pointers.map((pointer) => ({ file: location, pointer, message })),
  );
}

/** Parts of a document that no call depends on. */
const descriptive =
  /^#\/(info|tags|externalDocs|x-[^/]+|webhooks)(\/|$)|\/(example|examples|externalDocs|tags|xml|x-[^/]+|links|callbacks)(\/|$)/;

/** Whether a document can be used as if nothing were wrong there. */
function isHarmless(pointer: string, message: string): boolean {
  if (/Can't resolve \$ref/.test(message)) return /\/discriminator\/mapping\//.test(pointer);
  if (/is not expected here/.test(message)) return true;
  // What was left empty says nothing.
  if (message.startsWith('Expected type `Schema` (object) but got `null`')) return true;
  if (descriptive.test(pointer)) return true;
  // What a schema says of its values is read as far as it can be; the rest is in the compiler's report.
  if (
    /\/(type|format|nullable|pattern|const|discriminator|(exclusive)?(min|max)[A-Za-z]*|multipleOf)$/i.test(
      pointer,
    )
  )
    return true;
  // Answers are described for people; what a call takes is not.
  if (/^The field `(description|responses|info|title|version)` must be present/.test(message)) return true;
  return /\/(description|summary|title|default|deprecated|operationId)$/.test(pointer);
}

function withoutVerdict({ file, pointer, message }: DocumentFault): DocumentFault {
  return { file, pointer, message };
}

async function joined(
  document: Document,
  config: Config,
  externalRefResolver: Resolver,
): Promise<JsonObject> {
  const { bundle: whole } = await bundle({ doc: document, config, externalRefResolver });
  return isJsonObject(whole.parsed) ? whole.parsed : {};
}

function nameOf(reference: string, root: Document, location: string): string {
  return reference === root.source.absoluteRef || reference === '' ? location : reference;
}

/** Reads what a document refers to outside itself, if it may be read. */
class Resolver extends BaseResolver {
  readonly parts = new Set<string>();
  readonly #reading: DocumentReading;

  constructor(reading: DocumentReading) {
    super();
    this.#reading = reading;
  }

  override async loadExternalRef(reference: string): Promise<Source> {
    const text = await this.#read(reference);
    this.parts.add(reference);
    // Something that is no document, such as a text of examples, has another ending.
    return new Source(reference, text, /\.[a-z]+$/i.test(reference) ? undefined : 'application/yaml');
  }

  async #read(reference: string): Promise<string> {
    if (!isUrl(reference)) {
      if (isUrl(this.#reading.location)) throw new Error('a document from a URL may not read files');
      return readText(reference);
    }
    const { host } = new URL(reference);
    if (!this.#reading.hosts.has(host)) {
      throw new Error(`it stands on ${host}, which may not be read without --remote-refs ${host}`);
    }
    return this.#reading.fetch(reference);
  }
}

export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

import { closeSync, mkdirSync, openSync, readFileSync, readSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KosmoError } from '../support/errors.ts';
import {
  type JsonSchema,
  type Manifest,
  type ManifestHeader,
  manifestFormat,
  type Operation,
  type OperationSummary,
} from './manifest.ts';
import { reachedNames, referencedSchemas } from './schema-references.ts';

/**
 * A manifest on disk: the document itself, and an index of the names and of where in the document each operation
 * and each schema stands. Reading an operation is one `read` of its few kilobytes; the rest is never parsed.
 */
export interface ManifestIndex extends ManifestHeader {
  readonly operations: readonly IndexedOperation[];
  /** Schema name → where it stands. */
  readonly schemas: Readonly<Record<string, Span>>;
}

/** Offset and length in bytes. */
export type Span = readonly [offset: number, length: number];

export interface IndexedOperation extends OperationSummary {
  readonly operationId: string;
  readonly span: Span;
}

export function manifestFileOf(integration: string): string {
  return `${integration}-openapi-manifest.json`;
}

export function indexFileOf(integration: string): string {
  return `${integration}-openapi-manifest.index.json`;
}

/** Writes a manifest and its index into a folder; each file appears whole or not at all. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const { operations, schemas, ...header } = manifest;
  const writer = new SpanWriter();
  // The header's own closing brace gives way to the two collections.
  writer.add(`${JSON.stringify(header).slice(0, -1)},\n"operations":[\n`);
  const indexed = operations.map((operation, position) => {
    if (position > 0) writer.add(',\n');
    const span = writer.add(JSON.stringify(operation));
    return { ...summaryOf(operation), span };
  });
  writer.add('\n],\n"schemas":{\n');
  const spans: Record<string, Span> = {};
  Object.entries(schemas).forEach(([name, schema], position) => {
    writer.add(`${position > 0 ? ',\n' : ''}${JSON.stringify(name)}:`);
    spans[name] = writer.add(JSON.stringify(schema));
  });
  writer.add('\n}}\n');
  const index: ManifestIndex = { ...header, operations: indexed, schemas: spans };
  mkdirSync(folder, { recursive: true });
  writeWhole(join(folder, manifestFileOf(manifest.integration)), writer.text());
  writeWhole(join(folder, indexFileOf(manifest.integration)), JSON.stringify(index));
}

function summaryOf(operation: Operation): Omit<IndexedOperation, 'span'> {
  const { slug, luaName, aliases, effect, method, path, summary, tag, operationId } = operation;
  return { slug, luaName, aliases, effect, method, path, summary, tag, operationId };
}

class SpanWriter {
  readonly #parts: string[] = [];
  #offset = 0;

  add(text: string): Span {
    const span: Span = [this.#offset, Buffer.byteLength(text)];
    this.#parts.push(text);
    this.#offset += span[1];
    return span;
  }

  text(): string {
    return this.#parts.join('');
  }
}

function writeWhole(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

/** A manifest opened for reading: the index at once, operations and schemas when asked for, each read once. */
export class ManifestReader {
  readonly index: ManifestIndex;
  readonly #path: string | null;
  #file: number | null = null;
  readonly #operations = new Map<string, Operation>();
  readonly #schemas = new Map<string, JsonSchema>();

  private constructor(index: ManifestIndex, path: string | null) {
    this.index = index;
    this.#path = path;
  }

  /** Reads a manifest that is in memory already. */
  static of({ operations, schemas, ...header }: Manifest): ManifestReader {
    const nowhere: Span = [0, 0];
    const spans = Object.fromEntries(Object.keys(schemas).map((name) => [name, nowhere]));
    const entries = operations.map((operation) => ({ ...summaryOf(operation), span: nowhere }));
    const reader = new ManifestReader({ ...header, operations: entries, schemas: spans }, null);
    for (const operation of operations) reader.#operations.set(operation.slug, operation);
    for (const [name, schema] of Object.entries(schemas)) reader.#schemas.set(name, schema);
    return reader;
  }

  /** @throws KosmoError `document_invalid` when the index is missing or of another format */
  static open(folder: string, integration: string): ManifestReader {
    const path = join(folder, indexFileOf(integration));
    let index: ManifestIndex;
    try {
      // Written by `writeManifest` of the same format: the check below is all the parsing it needs.
      index = JSON.parse(readFileSync(path, 'utf8')) as ManifestIndex;
    } catch {
      throw new KosmoError('document_invalid', `The manifest of ${integration} cannot be read: ${path}`, {
        hint: 'Build it again.',
      });
    }
    if (index.format !== manifestFormat) {
      throw new KosmoError('document_invalid', `The manifest of ${integration} has another format: ${path}`, {
        hint: 'Build it again.',
      });
    }
    return new ManifestReader(index, join(folder, manifestFileOf(integration)));
  }

  /** Everything about one operation of the index. */
  operation(entry: IndexedOperation): Operation {
    let operation = this.#operations.get(entry.slug);
    if (operation === undefined) {
      operation = JSON.parse(this.#read(entry.span)) as Operation;
      this.#operations.set(entry.slug, operation);
    }
    return operation;
  }

  /** An operation that stands in no document, known while the process runs. */
  provide(operation: Operation): IndexedOperation {
    this.#operations.set(operation.slug, operation);
    return { ...summaryOf(operation), span: [0, 0] };
  }

  /** A named schema; an unknown name is a schema that takes anything. */
  schema(name: string): JsonSchema {
    let schema = this.#schemas.get(name);
    if (schema === undefined) {
      const span = Object.hasOwn(this.index.schemas, name) ? this.index.schemas[name] : undefined;
      schema = span === undefined ? {} : (JSON.parse(this.#read(span)) as JsonSchema);
      this.#schemas.set(name, schema);
    }
    return schema;
  }

  /** Every named schema that these refer to, directly or through another: what `#/schemas/NAME` points into. */
  schemasOf(...roots: readonly (JsonSchema | null)[]): Record<string, JsonSchema> {
    const named = reachedNames(
      roots.flatMap((root) => (root === null ? [] : [...referencedSchemas(root)])),
      (name) => referencedSchemas(this.schema(name)),
    );
    return Object.fromEntries([...named].map((name) => [name, this.schema(name)]));
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #read([offset, length]: Span): string {
    if (this.#path === null) throw new KosmoError('internal', 'The manifest has nothing on disk.');
    this.#file ??= openSync(this.#path, 'r');
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const count = readSync(this.#file, buffer, filled, length - filled, offset + filled);
      if (count === 0) {
        throw new KosmoError('document_invalid', `The manifest ends too early: ${this.#path}`, {
          hint: 'Build it again.',
        });
      }
      filled += count;
    }
    return buffer.toString('utf8');
  }
}

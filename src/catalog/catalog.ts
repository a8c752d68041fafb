import { existsSync, readdirSync } from 'node:fs';
import {
  freeRequestName,
  freeRequestOf,
  type IndexedOperation,
  ManifestReader,
  normalizeName,
} from '../manifest/index.ts';
import { type Failure, failure, KosmoError } from '../support/errors.ts';
import { installedFolder } from './installed-folder.ts';
import { didYouMean, nearestNames } from './nearest.ts';

/** The installed integrations. Nothing is read before it is asked for. */
export class Catalog {
  readonly #folders: readonly string[];
  readonly #only: ReadonlySet<string> | null;
  readonly #opened = new Map<string, Integration>();

  private constructor(folders: readonly string[], only: readonly string[] | null) {
    this.#folders = folders;
    this.#only = only === null ? null : new Set(only.map(normalizeName));
  }

  /** @param folders each holds one folder per integration; an earlier one goes before a later one */
  static open(...folders: readonly string[]): Catalog {
    return new Catalog(folders, null);
  }

  /**
   * As `open`, with only some integrations to be seen.
   * @throws KosmoError `unknown_integration` for one that is not installed
   */
  static openOnly(names: readonly string[], ...folders: readonly string[]): Catalog {
    const all = new Catalog(folders, null);
    const installed = all.names();
    const missing = names.find((name) => !installed.includes(normalizeName(name)));
    if (missing !== undefined) throw KosmoError.of(all.unknown(missing));
    return new Catalog(folders, names);
  }

  /** The names of the installed integrations, sorted. */
  names(): readonly string[] {
    const names = new Set<string>();
    for (const folder of this.#folders) {
      if (!existsSync(folder)) continue;
      for (const entry of readdirSync(folder, { withFileTypes: true }))
        if (entry.isDirectory() && this.#sees(entry.name) && installedFolder(folder, entry.name) !== null)
          names.add(entry.name);
    }
    return [...names].sort();
  }

  /** The integration of that name; undefined when none is installed. */
  get(name: string): Integration | undefined {
    const key = normalizeName(name);
    const opened = this.#opened.get(name) ?? this.#opened.get(key);
    if (opened !== undefined) return opened;
    // A name is looked up on disk only in the form the installer writes.
    if (!/^[a-z][a-z0-9_]*$/.test(key) || !this.#sees(key)) return undefined;
    const folder = this.#folders.map((root) => installedFolder(root, key)).find((path) => path !== null);
    if (folder === undefined || folder === null) return undefined;
    const integration = new Integration(key, ManifestReader.open(folder, key), folder);
    this.#opened.set(key, integration);
    return integration;
  }

  /** The failure for a name that no integration has, with the nearest names. */
  unknown(name: string): Failure {
    const names = this.names();
    return failure(
      'unknown_integration',
      `Unknown integration ${name}.${didYouMean(nearestNames(name, names))}`,
      {
        hint: `Installed: ${names.join(', ') || 'none'}.`,
        details: { integration: name, integrations: names },
      },
    );
  }

  /**
   * Makes an integration known that is not installed, such as the tools of an MCP server. It is found by its name
   * alone, and takes the place of one that was added before.
   */
  add(integration: Integration): void {
    this.#opened.set(integration.name, integration);
  }

  #sees(name: string): boolean {
    return this.#only === null || this.#only.has(name);
  }

  close(): void {
    for (const integration of this.#opened.values()) integration.close();
    this.#opened.clear();
  }
}

/** One installed integration: its operations by any of their names. */
export class Integration {
  readonly name: string;
  /** Where its files are; null for one that is known only while the process runs. */
  readonly folder: string | null;
  readonly reader: ManifestReader;
  #byName: Map<string, IndexedOperation[]> | null = null;
  #free: IndexedOperation | null = null;

  constructor(name: string, reader: ManifestReader, folder: string | null) {
    this.name = name;
    this.reader = reader;
    this.folder = folder;
  }

  /**
   * The operations of that name: Lua name, full name or path alias, with `-` and `_` the same. More than one only
   * when they share a Lua name.
   */
  find(name: string): readonly IndexedOperation[] {
    const names = this.#names();
    const found = names.get(name) ?? names.get(normalizeName(name));
    return found ?? (name === freeRequestName && this.folder !== null ? [this.#freeRequest()] : []);
  }

  /** `request{}`, which an API has beside its operations, and the tools of an MCP server do not. */
  #freeRequest(): IndexedOperation {
    this.#free ??= this.reader.provide(
      freeRequestOf(
        this.name,
        this.reader.index.auth,
        this.reader.index.operations.map(({ method }) => method).filter((method) => method !== 'TOOL'),
      ),
    );
    return this.#free;
  }

  /** The Lua names, sorted; a name that two operations share stands once. */
  luaNames(): readonly string[] {
    return [...new Set(this.reader.index.operations.map(({ luaName }) => luaName))].sort();
  }

  /** Names that a mistyped one may have meant. */
  nearest(name: string): readonly string[] {
    const wanted = normalizeName(name);
    const short = nearestNames(wanted, this.luaNames());
    return short.length > 0 ? short : nearestNames(wanted, this.#names().keys());
  }

  close(): void {
    this.reader.close();
  }

  #names(): Map<string, IndexedOperation[]> {
    if (this.#byName !== null) return this.#byName;
    const names = new Map<string, IndexedOperation[]>();
    const { operations } = this.reader.index;
    // A full name or alias names one operation for certain, so it goes before another's Lua name.
    for (const operation of operations)
      for (const name of [operation.slug, ...operation.aliases]) names.set(normalizeName(name), [operation]);
    for (const operation of operations) names.set(operation.slug, [operation]);
    const certain = new Set(names.keys());
    for (const operation of operations) {
      const name = normalizeName(operation.luaName);
      if (certain.has(name)) continue;
      const sharing = names.get(name);
      if (sharing === undefined) names.set(name, [operation]);
      else sharing.push(operation);
    }
    this.#byName = names;
    return names;
  }
}

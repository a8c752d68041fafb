import type { IndexedOperation, ManifestReader } from '../manifest/index.ts';
import type { Change, Side } from './change.ts';
import { operationChanges } from './operation-changes.ts';

/** An operation as a change names it. */
export interface NamedOperation {
  /** Full name without its integration. */
  readonly function: string;
  readonly lua_name: string;
  readonly method: string;
  readonly path: string;
}

export interface ChangedOperation extends NamedOperation {
  readonly changes: readonly Change[];
}

/** What is different between two documents of one API. */
export interface Changes {
  readonly before: number;
  readonly after: number;
  readonly added: readonly NamedOperation[];
  readonly changed: readonly ChangedOperation[];
  readonly removed: readonly NamedOperation[];
  /** How many operations have a breaking change, removed ones included. */
  readonly breaking: number;
}

/** Compares two manifests operation by operation: an operation is the same while its method and path are. */
export function changesBetween(before: ManifestReader, after: ManifestReader): Changes {
  const former = new Map(before.index.operations.map((entry) => [keyOf(entry), entry]));
  const next = new Map(after.index.operations.map((entry) => [keyOf(entry), entry]));
  const changed: ChangedOperation[] = [];
  for (const [key, entry] of next) {
    const old = former.get(key);
    if (old === undefined) continue;
    const changes = operationChanges(sideOf(before, old), sideOf(after, entry));
    if (changes.length > 0) changed.push({ ...named(entry), changes });
  }
  const removed = [...former].filter(([key]) => !next.has(key)).map(([, entry]) => named(entry));
  return {
    before: former.size,
    after: next.size,
    added: [...next].filter(([key]) => !former.has(key)).map(([, entry]) => named(entry)),
    changed,
    removed,
    breaking:
      removed.length +
      changed.filter(({ changes }) => changes.some(({ kind }) => kind === 'breaking')).length,
  };
}

function sideOf(reader: ManifestReader, entry: IndexedOperation): Side {
  return { operation: reader.operation(entry), reader };
}

/** What a placeholder is called does not make another path. */
function keyOf({ method, path }: IndexedOperation): string {
  return `${method} ${path.replace(/\{[^}]*\}/g, '{}')}`;
}

function named({ slug, luaName, method, path }: IndexedOperation): NamedOperation {
  return { function: slug, lua_name: luaName, method, path };
}

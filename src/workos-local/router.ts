import type { IndexedOperation } from '../manifest/index.ts';

/** An operation found for a path, with the values of its placeholders. */
export interface Match {
  readonly operation: IndexedOperation;
  readonly path: Readonly<Record<string, string>>;
}

interface Node {
  readonly fixed: Map<string, Node>;
  placeholder: Node | null;
  readonly operations: Map<string, IndexedOperation>;
}

/**
 * Finds the operation of a method and a path. A fixed segment wins over a placeholder, so `/users/external_id/x` is
 * never read as the user `external_id`.
 */
export class Router {
  readonly #root: Node = newNode();

  constructor(operations: readonly IndexedOperation[]) {
    for (const operation of operations) this.#add(operation);
  }

  /** @param path without its query; null when nothing is there for the method */
  match(method: string, path: string): Match | null {
    const segments = path.split('/').slice(1);
    if (segments.at(-1) === '') segments.pop();
    const values: string[] = [];
    const operation = find(this.#root, method, segments, 0, values);
    return operation === null ? null : { operation, path: named(operation, values) };
  }

  #add(operation: IndexedOperation): void {
    let node = this.#root;
    for (const segment of operation.path.split('/').slice(1)) {
      if (segment.startsWith('{')) {
        node.placeholder ??= newNode();
        node = node.placeholder;
      } else {
        let next = node.fixed.get(segment);
        if (next === undefined) {
          next = newNode();
          node.fixed.set(segment, next);
        }
        node = next;
      }
    }
    node.operations.set(operation.method, operation);
  }
}

function newNode(): Node {
  return { fixed: new Map(), placeholder: null, operations: new Map() };
}

function find(
  node: Node,
  method: string,
  segments: readonly string[],
  at: number,
  values: string[],
): IndexedOperation | null {
  const segment = segments[at];
  if (segment === undefined) return node.operations.get(method) ?? null;
  const fixed = node.fixed.get(segment);
  const found = fixed === undefined ? null : find(fixed, method, segments, at + 1, values);
  if (found !== null || node.placeholder === null || segment === '') return found;
  const value = decoded(segment);
  if (value === null) return null;
  values.push(value);
  const behind = find(node.placeholder, method, segments, at + 1, values);
  if (behind === null) values.pop();
  return behind;
}

function decoded(segment: string): string | null {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

function named(operation: IndexedOperation, values: readonly string[]): Record<string, string> {
  const path: Record<string, string> = {};
  let position = 0;
  for (const segment of operation.path.split('/')) {
    if (!segment.startsWith('{')) continue;
    path[segment.slice(1, -1)] = values[position] ?? '';
    position += 1;
  }
  return path;
}

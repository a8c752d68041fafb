import type { IndexedOperation } from '../manifest/index.ts';

/** An operation found for a path, with the values of its placeholders. */
export interface Match {
  readonly operation: IndexedOperation;
  readonly path: Readonly<Record<string, string>>;
}

/** What is found at the end of a path: the operation, and the names of the placeholders on the way. */
interface Route {
  readonly operation: IndexedOperation;
  readonly names: readonly string[];
}

interface Node {
  readonly fixed: Map<string, Node>;
  placeholder: Node | null;
  readonly routes: Map<string, Route>;
}

/** Paths that the official SDK asks and the document does not name, each with the path that the document has for it. */
const olderPaths: readonly (readonly [asked: string, declared: string])[] = [
  [
    '/authorization/resources/{resource_id}/organization_memberships/{organization_membership_id}/permissions',
    '/authorization/organization_memberships/{organization_membership_id}/resources/{resource_id}/permissions',
  ],
];

/**
 * Finds the operation of a method and a path. A fixed segment wins over a placeholder, so `/users/external_id/x` is
 * never read as the user `external_id`.
 */
export class Router {
  readonly #root: Node = newNode();

  constructor(operations: readonly IndexedOperation[]) {
    for (const operation of operations) {
      this.#add(operation.path, operation);
      for (const [asked, declared] of olderPaths) {
        if (operation.path === declared) this.#add(asked, operation);
      }
    }
  }

  /** @param path without its query; null when nothing is there for the method */
  match(method: string, path: string): Match | null {
    const segments = path.split('/').slice(1);
    if (segments.at(-1) === '') segments.pop();
    const values: string[] = [];
    const route = find(this.#root, method, segments, 0, values);
    if (route === null) return null;
    const named = Object.fromEntries(route.names.map((name, at) => [name, values[at] ?? '']));
    return { operation: route.operation, path: named };
  }

  #add(path: string, operation: IndexedOperation): void {
    let node = this.#root;
    const names: string[] = [];
    for (const segment of path.split('/').slice(1)) {
      if (segment.startsWith('{')) {
        names.push(segment.slice(1, -1));
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
    node.routes.set(operation.method, { operation, names });
  }
}

function newNode(): Node {
  return { fixed: new Map(), placeholder: null, routes: new Map() };
}

function find(
  node: Node,
  method: string,
  segments: readonly string[],
  at: number,
  values: string[],
): Route | null {
  const segment = segments[at];
  if (segment === undefined) return node.routes.get(method) ?? null;
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

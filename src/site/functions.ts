import type { Integration } from '../catalog/index.ts';
import type { Effect, IndexedOperation } from '../manifest/index.ts';
import { tagId, tagTitle } from './layout/tag-title.ts';

/** A function and the page about it. */
export interface FunctionEntry {
  readonly entry: IndexedOperation;
  /** As a script calls it; the full name where a short one stands for two functions. */
  readonly name: string;
  /** From the site's root, without an extension. */
  readonly path: string;
}

/** Functions under one of the document's tags. */
export interface FunctionGroup {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly functions: readonly FunctionEntry[];
}

/** An integration's functions, by name and in the groups of its document. */
export class IntegrationFunctions {
  readonly integration: Integration;
  readonly groups: readonly FunctionGroup[];
  readonly all: readonly FunctionEntry[];
  readonly #bySlug = new Map<string, FunctionEntry>();
  readonly #groupOf = new Map<string, FunctionGroup>();

  constructor(integration: Integration) {
    this.integration = integration;
    const { operations, tags, title } = integration.reader.index;
    const descriptions = new Map(tags.map(({ name, description }) => [name, description]));
    const byTag = new Map<string, FunctionEntry[]>();
    for (const entry of operations) {
      const shared = integration.find(entry.luaName).length !== 1;
      const name = shared ? entry.slug : entry.luaName;
      const item = { entry, name, path: `${this.path}/${name.replace(/[^\w.-]/g, '-')}` };
      this.#bySlug.set(entry.slug, item);
      const group = byTag.get(entry.tag);
      if (group === undefined) byTag.set(entry.tag, [item]);
      else group.push(item);
    }
    this.groups = [...byTag]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([tag, functions]) => ({
        id: tagId(tag),
        title: this.isServer ? 'Tools' : tagTitle(tag, { name: integration.name, title }),
        description: descriptions.get(tag) ?? '',
        functions,
      }));
    this.all = this.groups.flatMap(({ functions }) => functions);
    for (const group of this.groups)
      for (const { entry } of group.functions) this.#groupOf.set(entry.slug, group);
  }

  get name(): string {
    return this.integration.name;
  }

  get title(): string {
    return this.integration.reader.index.title;
  }

  /** Of the integration's own page. Tools of an MCP server have `mcp/NAME`. */
  get path(): string {
    return this.isServer ? this.name.replace('.', '/') : `integrations/${this.name}`;
  }

  /** Whether these are the tools of an MCP server. */
  get isServer(): boolean {
    return this.name.startsWith('mcp.');
  }

  /** What they are called together. */
  get kind(): 'tools' | 'functions' {
    return this.isServer ? 'tools' : 'functions';
  }

  /** What `docs.read` calls its page. */
  get page(): string {
    return this.isServer ? this.name : `integrations.${this.name}`;
  }

  groupOf({ entry }: FunctionEntry): FunctionGroup | undefined {
    return this.#groupOf.get(entry.slug);
  }

  /** The function of that name, when the name stands for one alone. */
  find(name: string): FunctionEntry | undefined {
    const [entry, second] = this.integration.find(name);
    return entry === undefined || second !== undefined ? undefined : this.#bySlug.get(entry.slug);
  }

  /** How many functions there are of an effect. */
  count(effect: Effect): number {
    return this.all.filter(({ entry }) => entry.effect === effect).length;
  }
}

/**
 * A call to show how calls are made: it needs no arguments and changes nothing.
 * @param markdown the integration's page, which names what matters most first
 */
export function plainFunction(functions: IntegrationFunctions, markdown: string): string {
  const isPlain = ({ entry, name }: FunctionEntry) =>
    entry.effect === 'read' && name.startsWith('list_') && !entry.path.includes('{');
  for (const [name] of markdown.matchAll(/\blist_\w+/g)) {
    const found = functions.find(name);
    if (found !== undefined && isPlain(found)) return found.name;
  }
  return (functions.all.find(isPlain) ?? functions.all[0])?.name ?? 'NAME';
}

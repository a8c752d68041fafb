import { posix } from 'node:path';
import type { IntegrationFunctions } from './functions.ts';
import type { Crosslinks } from './markdown/links.ts';
import { rootFrom } from './page.ts';

/** What there is to link to. */
export interface Targets {
  /** MCP servers among them. */
  readonly integrations: readonly IntegrationFunctions[];
  /** The guides' names. */
  readonly guides: ReadonlySet<string>;
  /** Paths of the manual's pages, without an extension. */
  readonly manual: ReadonlySet<string>;
}

/**
 * Where the links of one page lead.
 * @param path the page's own
 * @param own the integration that bare names of functions belong to, on its own pages
 */
export function crosslinksOf(targets: Targets, path: string, own: IntegrationFunctions | null): Crosslinks {
  const root = rootFrom(path);
  const to = (target: string) => (target === path ? null : `${root}${target}.html`);
  const byName = (name: string): string | null => {
    if (targets.guides.has(name)) return to(`guides/${name}`);
    const whole = name.replace(/^app\./, '').replace(/^integrations\./, '');
    const integration = targets.integrations.find(
      (candidate) => whole === candidate.name || whole.startsWith(`${candidate.name}.`),
    );
    if (integration === undefined) return null;
    const rest = whole.slice(integration.name.length + 1);
    const target = rest === '' ? integration.path : integration.find(rest)?.path;
    return target === undefined ? null : to(target);
  };
  return {
    link(href) {
      if (/^(?:https?:|mailto:|#)/.test(href)) return href;
      const [file = '', anchor] = href.split('#');
      const target = posix.join(posix.dirname(path), file.replace(/\.md$/, ''));
      if (!file.endsWith('.md') || !targets.manual.has(target)) return null;
      return `${root}${target}.html${anchor === undefined ? '' : `#${anchor}`}`;
    },
    reference(code) {
      const asked = /^docs\.read\(["']([\w.]+)["']\)$/.exec(code)?.[1];
      if (asked !== undefined) return byName(asked);
      if (/^(?:app\.integrations\.)?[a-z][a-z0-9_]*\.[a-z0-9_.]+$/.test(code)) return byName(code);
      const bare = /^([a-z]+_[a-z0-9_]+)(?:\{.*\})?$/.exec(code)?.[1];
      const found = bare === undefined ? undefined : own?.find(bare);
      return found === undefined ? null : to(found.path);
    },
  };
}

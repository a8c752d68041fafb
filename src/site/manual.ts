import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstParagraph, titleOf } from './markdown/opening.ts';

/** A page of the project's own documentation. */
export interface ManualPage {
  /** From the site's root, without an extension: `manual/decisions/0003-lua-engine`. */
  readonly path: string;
  readonly title: string;
  readonly summary: string;
  readonly markdown: string;
  /** Whether it says why kosmo is as it is, rather than how it is used. */
  readonly isDecision: boolean;
}

/** The order they are read in; what is not named here comes after, by name. */
const order = [
  'getting-started',
  'lua',
  'cli',
  'accounts',
  'policy',
  'security',
  'mcp',
  'gateway',
  'workos-local',
  'http',
  'journal',
  'embedding',
  'adding-an-api',
  'errors',
];

/** The pages in a folder, those in folders inside it included. */
export function readManual(folder: string): ManualPage[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name.endsWith('.md'))
    .map((file) => {
      const path = join(file.parentPath, file.name);
      const name = path.slice(folder.length + 1, -'.md'.length).replaceAll('\\', '/');
      const markdown = readFileSync(path, 'utf8');
      return {
        path: `manual/${name}`,
        title: titleOf(markdown) ?? name,
        summary: firstParagraph(markdown),
        markdown,
        isDecision: name.includes('/'),
      };
    })
    .sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
}

function rank({ path, isDecision }: ManualPage): number {
  if (isDecision) return order.length + 1;
  const at = order.indexOf(path.slice('manual/'.length));
  return at < 0 ? order.length : at;
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Integration } from '../catalog/index.ts';
import type { IndexedOperation } from '../manifest/index.ts';
import { examplesOf } from './function-examples.ts';

/** Something to try. */
export interface Example {
  readonly title: string;
  /** As a program. */
  readonly lua: string;
  /** The same as a command line, where there is one. */
  readonly command: string | null;
  /** What has to be there that no program can make; null when there is nothing. */
  readonly needs: string | null;
}

/** Calls of a function: with what it needs, and with some of what it takes. */
export function functionExamples(integration: Integration, entries: readonly IndexedOperation[]): Example[] {
  const lookup = (name: string) => integration.reader.schema(name);
  return entries.flatMap((entry) => {
    const operation = integration.reader.operation(entry);
    const { before, minimal, full, command, needs } = examplesOf(
      integration.name,
      operation,
      lookup,
      integration.find(operation.luaName).length > 1,
    );
    const example = (title: string, call: string, line: string | null): Example => ({
      title,
      lua: `${before === '' ? '' : `${before}\n`}local result = ${call}`,
      command: line,
      needs: needs === '' ? null : needs,
    });
    return [
      example(operation.summary, minimal, command),
      ...(full === null ? [] : [example(`${operation.summary}, with optional arguments`, full, null)]),
    ];
  });
}

/** The programs an integration brings. */
export function integrationExamples(integration: Integration): Example[] {
  if (integration.folder === null) return [];
  const file = join(integration.folder, 'examples.md');
  if (!existsSync(file)) return [];
  const sections = readFileSync(file, 'utf8').split(/^## /m).slice(1);
  return sections.flatMap((section) => {
    const [title = ''] = section.split('\n');
    const lua = /```lua\n([\s\S]*?)\n```/.exec(section)?.[1];
    return lua === undefined ? [] : [{ title: title.trim(), lua, command: null, needs: null }];
  });
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Integration } from '../catalog/index.ts';
import type { IndexedOperation } from '../manifest/index.ts';
import type { JsonObject } from '../support/json.ts';
import { exampleArguments } from './example-arguments.ts';
import { exampleCommand } from './example-command.ts';
import { luaPath, luaTable } from './lua-text.ts';

/** Something to try. */
export interface Example {
  readonly title: string;
  /** As a program. */
  readonly lua: string;
  /** The same as a command line, where it is one call. */
  readonly command: string | null;
}

/** Calls of a function: with what it needs, and with some of what it takes. */
export function functionExamples(integration: Integration, entries: readonly IndexedOperation[]): Example[] {
  const lookup = (name: string) => integration.reader.schema(name);
  return entries.flatMap((entry) => {
    const operation = integration.reader.operation(entry);
    const shared = entries.length > 1;
    const name = shared ? operation.slug : operation.luaName;
    const example = (title: string, args: JsonObject): Example => ({
      title,
      lua: `local result = ${luaPath(integration.name, name)}${luaTable(args)}`,
      command: exampleCommand(integration.name, operation, args, shared),
    });
    const required = exampleArguments(operation, lookup, 'required');
    const full = exampleArguments(operation, lookup, 'full');
    const more = Object.keys(full).length > Object.keys(required).length;
    return [
      example(operation.summary, required),
      ...(more ? [example(`${operation.summary}, with optional arguments`, full)] : []),
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
    return lua === undefined ? [] : [{ title: title.trim(), lua, command: null }];
  });
}

import { KosmoError } from '../../support/errors.ts';
import { luaKeywords } from '../../support/lua-keywords.ts';

/** What stands after `integrations:` on the command line and is a command, not an integration. A test holds it to that. */
export const commandNames: readonly string[] = [
  'lua',
  'call',
  'list',
  'search',
  'docs',
  'schema',
  'examples',
  'types',
  'status',
  'doctor',
  'fields',
  'configure',
  'add',
  'sync',
  'rollback',
  'remove',
  'presets',
];

/**
 * An integration's name in the one form that all its files have.
 * @throws KosmoError `usage` when it cannot be the name of one
 */
export function integrationName(written: string): string {
  const name = written.toLowerCase().replaceAll('-', '_');
  const refuse = (reason: string) =>
    new KosmoError('usage', `${JSON.stringify(written)} cannot be the name of an integration: ${reason}.`, {
      hint: 'Take a short word, such as petstore: it is what programs call it by.',
    });
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(name))
    throw refuse('it begins with a letter, and has letters, digits and _ after that, 40 at most');
  if (luaKeywords.includes(name)) throw refuse('it is a word of Lua');
  if (commandNames.includes(name)) throw refuse(`integrations:${name} is a command`);
  return name;
}

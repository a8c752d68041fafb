import type { Integration } from '../catalog/index.ts';
import { KosmoError } from '../support/errors.ts';
import { luaKeywords } from '../support/lua-keywords.ts';

/**
 * Refuses a name that an account cannot have: it stands between dots in a program, beside the integration's functions,
 * and at the end of a variable's name.
 * @throws KosmoError `usage`
 */
export function checkAccountName(integration: Integration, name: string, locals: readonly string[]): void {
  const refuse = (reason: string, hint = 'Pick another name.') => {
    throw new KosmoError('usage', `An account cannot be called ${name}: ${reason}.`, { hint });
  };
  if (locals.includes(name)) {
    refuse(
      'that is the local server, which is always there, allows everything and takes no credentials',
      'Pick another name; --local uses the local server.',
    );
  }
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(name) || name.includes('__')) {
    refuse('it takes up to 40 small letters, digits and single _, and begins with a letter');
  }
  if (luaKeywords.includes(name)) refuse('that is a word of Lua');
  if (integration.find(name).length > 0) refuse(`that is a function of ${integration.name}`);
}

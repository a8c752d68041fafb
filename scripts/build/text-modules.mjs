import { readFile } from 'node:fs/promises';

/**
 * A plugin for the bundler and the tests alike: importing a `.sql` file gives its text.
 */
export function textModules() {
  return {
    name: 'text-modules',
    /** @param {string} id */
    async load(id) {
      if (!id.endsWith('.sql')) return null;
      const text = await readFile(id, 'utf8');
      return { code: `export default ${JSON.stringify(text)};`, moduleType: /** @type {const} */ ('js') };
    },
  };
}

import { join } from 'node:path';

/** @import { Plugin, OutputOptions, PluginContext } from 'rolldown' */

/** What commands load that run no program too; the first of it starts the Lua thread, for which nothing may wait. */
const first = [
  'scripts/build/command.mjs',
  'src/cli/main.ts',
  'src/cli/commands.ts',
  'src/cli/run-command.ts',
  'src/cli/top-level.ts',
];

/** The command that runs a program. */
const run = 'src/cli/commands/lua.ts';

/**
 * Puts what every run of a program loads into one file: finding, opening and resolving two dozen small ones takes
 * longer than reading what is in them.
 *
 * @param {string} root
 * @returns {{ plugin: Plugin, codeSplitting: NonNullable<OutputOptions['codeSplitting']> }}
 */
export function runChunk(root) {
  /** @type {Set<string>} */
  let modules = new Set();
  return {
    plugin: {
      name: 'run-chunk',
      buildEnd() {
        const early = importedBy(
          this,
          first.map((file) => join(root, file)),
        );
        const late = importedBy(this, [join(root, run)]);
        modules = new Set([...late].filter((id) => !early.has(id)));
      },
    },
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: 'run', test: (id) => modules.has(id) }],
    },
  };
}

/**
 * The modules that these import, and that those import, but for what is imported when it is needed.
 *
 * @param {PluginContext} context
 * @param {readonly string[]} entries
 */
function importedBy(context, entries) {
  /** @type {Set<string>} */
  const found = new Set(entries);
  // A set gives what is added to it while it is gone through.
  for (const id of found)
    for (const imported of context.getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  return found;
}

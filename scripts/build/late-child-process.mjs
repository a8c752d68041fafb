/** @import { Plugin } from 'rolldown' */

const name = '\0late-child-process';

/**
 * Has commander load `node:child_process` once it starts a program, which it never does here: it can run commands that
 * are programs of their own. Loading it would be a twentieth of a short run.
 *
 * @returns {Plugin}
 */
export function lateChildProcess() {
  return {
    name: 'late-child-process',
    resolveId: (source, importer) =>
      source === 'node:child_process' && importer?.includes('/node_modules/commander/') ? name : null,
    load: (id) =>
      id === name
        ? `export const spawn = (...args) => process.getBuiltinModule('node:child_process').spawn(...args);`
        : null,
  };
}

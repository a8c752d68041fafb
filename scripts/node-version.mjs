// This file and those that import it statically must parse on any Node.js with modules: they are what an old one reads.

/**
 * Says what is wrong with the running Node.js, or null when it is new enough.
 *
 * @param {string} required what package.json asks for, as `>=20.19`
 * @param {string} running as `process.versions.node` has it: `18.20.4`
 * @returns {string | null}
 */
export function nodeVersionComplaint(required, running) {
  const minimum = required.replace('>=', '').trim();
  if (!isOlder(running, minimum)) return null;
  return `kosmo needs Node.js ${minimum} or newer, and this is ${running}. Install a newer one from https://nodejs.org.`;
}

/**
 * @param {string} version
 * @param {string} minimum
 */
function isOlder(version, minimum) {
  const have = version.split('.').map(Number);
  for (const [index, wanted] of minimum.split('.').map(Number).entries()) {
    const part = have[index] || 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}

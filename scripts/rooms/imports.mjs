import { cruise } from 'dependency-cruiser';
import { everything, filesOf } from './rooms.mjs';

/** @import { IRegularForbiddenRuleType, ICruiseResult, IViolation } from 'dependency-cruiser' */
/** @import { Room } from './rooms.mjs' */

/** Tests may import whatever they need. */
const tests = '(\\.test\\.ts|/testing/[^/]+\\.ts)$';

/** What source may import: itself, packages, what the build makes of the documents' types, and its own version. */
const inside = ['^src/', 'node_modules/', '^build/generated/', '^package\\.json$'];

/**
 * Looks at every import of src/, of types as well.
 *
 * @param {string} root
 * @param {readonly Room[]} rooms
 * @returns {Promise<{ files: number, complaints: string[] }>}
 */
export async function findViolations(root, rooms) {
  const { output } = await cruise(['src'], {
    baseDir: root,
    ruleSet: { forbidden: rulesOf(rooms) },
    validate: true,
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  });
  const { summary, modules } = /** @type {ICruiseResult} */ (output);
  const files = modules.map(({ source }) => source).filter((source) => source.startsWith('src/'));
  return {
    files: files.length,
    complaints: [
      ...files
        .filter((file) => !rooms.some(({ room }) => new RegExp(filesOf(room)).test(file)))
        .map(homeless),
      ...summary.violations.map((violation) => explain(violation, rooms)),
    ],
  };
}

/**
 * @param {readonly Room[]} rooms
 * @returns {IRegularForbiddenRuleType[]}
 */
function rulesOf(rooms) {
  const bounded = rooms.filter(({ mayImport }) => !mayImport.includes(everything));
  return [
    ...bounded.map(({ room, mayImport }) => ({
      name: roomRule(room),
      severity: /** @type {const} */ ('error'),
      from: { path: filesOf(room), pathNot: tests },
      to: { path: '^src/', pathNot: [room, ...mayImport].map(filesOf) },
    })),
    rule('imports-test', { path: '^src/', pathNot: tests }, { path: tests }),
    rule(
      'outside-src',
      { path: '^src/', pathNot: tests },
      {
        pathNot: inside,
        dependencyTypesNot: ['core'],
        // A name that leads nowhere is the type checker's to report.
        couldNotResolve: false,
      },
    ),
    rule('dev-package', { path: '^src/', pathNot: tests }, { dependencyTypes: ['npm-dev'] }),
    rule('undeclared-package', { path: '^src/' }, { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] }),
    rule('circle', { path: '^src/' }, { circular: true }),
  ];
}

/**
 * @param {string} name
 * @param {IRegularForbiddenRuleType['from']} from
 * @param {IRegularForbiddenRuleType['to']} to
 * @returns {IRegularForbiddenRuleType}
 */
function rule(name, from, to) {
  return { name, severity: 'error', from, to };
}

/** @param {string} room */
function roomRule(room) {
  return `room ${room}`;
}

/**
 * @param {IViolation} violation
 * @param {readonly Room[]} rooms
 */
function explain({ from, to, rule: { name }, cycle = [] }, rooms) {
  const room = rooms.find((candidate) => roomRule(candidate.room) === name);
  if (room !== undefined) {
    const allowed = room.mayImport.join(', ') || 'no other room';
    return `${from} imports ${to}: room ${room.room} may import ${allowed} (rooms.json).`;
  }
  switch (name) {
    case 'imports-test':
      return `${from} imports ${to}: only tests may import tests.`;
    case 'outside-src':
      return `${from} imports ${to}: source may import src/, packages, build/generated/ and package.json only.`;
    case 'dev-package':
      return `${from} imports ${to}: the package is a development dependency; only tests may import it.`;
    case 'undeclared-package':
      return `${from} imports ${to}: package.json does not name the package.`;
    default:
      return `Files import each other in a circle: ${[from, ...cycle.map((step) => step.name)].join(' → ')}`;
  }
}

/** @param {string} file */
function homeless(file) {
  return `${file} is in no room: add its folder to rooms.json, or move the file.`;
}

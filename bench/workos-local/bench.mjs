import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../harness/median.mjs';
import { fill, fillTree } from './fill.mjs';
import { organizations, requestsPerSecond } from './load.mjs';
import { startEmulator, startOurs } from './servers.mjs';

/** @import { Finding } from '../run.mjs' */
/** @import { Question } from './load.mjs' */
/** @import { Server } from './servers.mjs' */
/** @typedef {{ GET: number, POST: number }} Rates */

const rounds = 3;
const roundLength = 2_000;
const port = 14_100;

/** @returns {Promise<Finding[]>} */
export default async function bench() {
  const home = mkdtempSync(join(tmpdir(), 'kosmo-bench-'));
  try {
    return [
      ...(await compare(home, 0, 1)),
      ...(await compare(home, 25_000, 1 / 20)),
      ...(await flat(home, 1_000, 1_000_000)),
      await checks(home, 1_000, 100_000),
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * Both servers with as many organizations.
 *
 * @param {string} home
 * @param {number} count
 * @param {number} target
 * @returns {Promise<Finding[]>}
 */
async function compare(home, count, target) {
  const ours = await filled(home, count);
  const theirs = await startEmulator(home, port, count);
  try {
    const [our, their] = await rates([ours, theirs]);
    const rows = count === 0 ? 'few organizations' : `${count.toLocaleString('en')} organizations`;
    return [
      ...methods.map((method) =>
        ratio(`${method} /organizations, ${rows}`, our[method], their[method], target),
      ),
      {
        what: `start to first answer, ${rows}`,
        ratio: ours.started / theirs.started,
        target: null,
        detail: `${ours.started.toFixed(0)} ms, emulator ${theirs.started.toFixed(0)} ms`,
      },
      {
        what: `memory after this, ${rows}`,
        ratio: ours.memory() / theirs.memory(),
        target: null,
        detail: `${ours.memory().toFixed(0)} MB, emulator ${theirs.memory().toFixed(0)} MB`,
      },
    ];
  } finally {
    await Promise.all([ours.stop(), theirs.stop()]);
  }
}

const methods = /** @type {const} */ (['GET', 'POST']);

/**
 * Ours with few rows and with many.
 *
 * @param {string} home
 * @param {number} few
 * @param {number} many
 * @returns {Promise<Finding[]>}
 */
async function flat(home, few, many) {
  const servers = [await filled(home, few), await filled(home, many)];
  try {
    const [small, large] = await rates(servers);
    return methods.map((method) => ({
      what: `${method} /organizations, ${many.toLocaleString('en')} rows against ${few.toLocaleString('en')}`,
      ratio: small[method] / large[method],
      target: 1.5,
      detail: `${large[method].toFixed(0)}/s, with few rows ${small[method].toFixed(0)}/s`,
    }));
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/**
 * Asks whether a member may change projects of a small tree of resources, and of a large one.
 *
 * @param {string} home
 * @param {number} few
 * @param {number} many
 * @returns {Promise<Finding>}
 */
async function checks(home, few, many) {
  const trees = await Promise.all(
    [few, many].map(async (count) => {
      const database = join(home, `tree-${count}.db`);
      await (await startOurs(home, database)).stop();
      fillTree(database, count);
      const server = await startOurs(home, database);
      return { server, question: await checkOf(server, count), rates: /** @type {number[]} */ ([]) };
    }),
  );
  try {
    for (let round = 0; round <= rounds; round += 1) {
      for (const { server, question, rates: measured } of trees) {
        const rate = await requestsPerSecond(server, question, round === 0 ? roundLength / 4 : roundLength);
        if (round > 0) measured.push(rate);
      }
    }
    const [small = 0, large = 0] = trees.map(({ rates: measured }) => median(measured));
    return {
      what: `access check, ${many.toLocaleString('en')} resources against ${few.toLocaleString('en')}`,
      ratio: small / large,
      target: 1.5,
      detail: `${large.toFixed(0)}/s, with few resources ${small.toFixed(0)}/s`,
    };
  } finally {
    await Promise.all(trees.map(({ server }) => server.stop()));
  }
}

/**
 * @param {Server} server
 * @param {number} count
 * @returns {Promise<Question>} whether a member may change one project after the other
 */
async function checkOf(server, count) {
  const headers = { authorization: `Bearer ${server.keys[0]}` };
  const answer = await fetch(`${server.url}/user_management/organization_memberships?user_id=user_123`, {
    headers,
  });
  const { data } = /** @type {{ data: { id: string }[] }} */ (await answer.json());
  return {
    method: 'POST',
    path: `/authorization/organization_memberships/${data.at(-1)?.id}/check`,
    body: (connection, asked) => ({
      permission_slug: 'project:edit',
      resource_external_id: `bench-${1 + ((connection * 7919 + asked) % count)}`,
      resource_type_slug: 'project',
    }),
    status: 200,
  };
}

/**
 * @param {string} home
 * @param {number} count
 * @returns {Promise<Server>} ours, with as many organizations more than the seeded ones
 */
async function filled(home, count) {
  const database = join(home, `workos-${count}.db`);
  if (count > 0) {
    await (await startOurs(home, database)).stop();
    fill(database, count);
  }
  return startOurs(home, database);
}

/**
 * The servers take turns, so that what slows the machine for a while slows all of them.
 *
 * @param {readonly Server[]} servers
 * @returns {Promise<[Rates, Rates]>} requests a second of the first two
 */
async function rates(servers) {
  /** @type {{ GET: number[], POST: number[] }[]} */
  const measured = servers.map(() => ({ GET: [], POST: [] }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const method of methods) {
      for (const [at, server] of servers.entries()) {
        const rate = await requestsPerSecond(
          server,
          organizations[method],
          round === 0 ? roundLength / 4 : roundLength,
        );
        // The first round warms up.
        if (round > 0) measured[at]?.[method].push(rate);
      }
    }
  }
  const [first, second] = measured.map(({ GET, POST }) => ({ GET: median(GET), POST: median(POST) }));
  if (first === undefined || second === undefined) throw new Error('Two servers are compared.');
  return [first, second];
}

/**
 * @param {string} what
 * @param {number} our requests a second
 * @param {number} their
 * @param {number} target
 * @returns {Finding}
 */
function ratio(what, our, their, target) {
  return { what, ratio: their / our, target, detail: `${our.toFixed(0)}/s, emulator ${their.toFixed(0)}/s` };
}

import { Client } from 'undici';

const connections = 10;

/**
 * What a server is asked: `body` makes one of two numbers, so that bodies differ.
 *
 * @typedef {{
 *   method: 'GET' | 'POST',
 *   path: string,
 *   body: ((connection: number, count: number) => object) | null,
 *   status: number,
 * }} Question
 */

/** @type {Record<'GET' | 'POST', Question>} */
export const organizations = {
  GET: { method: 'GET', path: '/organizations', body: null, status: 200 },
  POST: {
    method: 'POST',
    path: '/organizations',
    body: (connection, count) => ({ name: `Bench ${connection}-${count}` }),
    status: 201,
  },
};

/**
 * Asks a server the same thing over ten connections for a while.
 *
 * @param {import('./servers.mjs').Server} server
 * @param {Question} question
 * @param {number} milliseconds
 * @returns {Promise<number>} requests a second
 */
export async function requestsPerSecond(server, question, milliseconds) {
  const began = performance.now();
  const end = began + milliseconds;
  const counts = await Promise.all(
    Array.from({ length: connections }, (_, at) => askUntil(server, question, end, at)),
  );
  return (counts.reduce((sum, count) => sum + count, 0) * 1000) / (performance.now() - began);
}

let turn = 0;

/**
 * @param {import('./servers.mjs').Server} server
 * @param {Question} question
 * @param {number} end
 * @param {number} connection
 */
async function askUntil(server, { method, path, body: bodyOf, status }, end, connection) {
  const client = new Client(server.url);
  let count = 0;
  for (; performance.now() < end; count += 1) {
    turn += 1;
    const { statusCode, body } = await client.request({
      method,
      path,
      headers: {
        authorization: `Bearer ${server.keys[turn % server.keys.length]}`,
        'content-type': 'application/json',
      },
      body: bodyOf === null ? null : JSON.stringify(bodyOf(connection, count)),
    });
    const text = await body.text();
    if (statusCode !== status) throw new Error(`${statusCode}: ${text}`);
  }
  await client.close();
  return count;
}

import { Client } from 'undici';

const connections = 10;

/**
 * Asks a server the same thing over ten connections for a while.
 *
 * @param {import('./servers.mjs').Server} server
 * @param {'GET' | 'POST'} method
 * @param {number} milliseconds
 * @returns {Promise<number>} requests a second
 */
export async function requestsPerSecond(server, method, milliseconds) {
  const began = performance.now();
  const end = began + milliseconds;
  const counts = await Promise.all(
    Array.from({ length: connections }, (_, at) => askUntil(server, method, end, at)),
  );
  return (counts.reduce((sum, count) => sum + count, 0) * 1000) / (performance.now() - began);
}

let turn = 0;

/**
 * @param {import('./servers.mjs').Server} server
 * @param {'GET' | 'POST'} method
 * @param {number} end
 * @param {number} connection
 */
async function askUntil(server, method, end, connection) {
  const client = new Client(server.url);
  let count = 0;
  for (; performance.now() < end; count += 1) {
    turn += 1;
    const { statusCode, body } = await client.request({
      method,
      path: '/organizations',
      headers: {
        authorization: `Bearer ${server.keys[turn % server.keys.length]}`,
        'content-type': 'application/json',
      },
      body: method === 'GET' ? null : JSON.stringify({ name: `Bench ${connection}-${count}` }),
    });
    const text = await body.text();
    if (statusCode !== (method === 'GET' ? 200 : 201)) throw new Error(`${statusCode}: ${text}`);
  }
  await client.close();
  return count;
}

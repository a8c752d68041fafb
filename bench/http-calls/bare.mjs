/**
 * Makes the requests that the Lua program's calls come to, with undici alone, so many at a time; prints each round's
 * milliseconds.
 */
import { Agent } from 'undici';

const [origin = '', count, rounds, atOnce] = process.argv.slice(2);
const agent = new Agent();
const milliseconds = [];

async function request() {
  const { body } = await agent.request({
    origin,
    path: '/organizations?limit=10',
    method: 'GET',
    headers: { accept: 'application/json', authorization: 'Bearer sk_test_bench' },
  });
  await body.json();
}

for (let round = 0; round < Number(rounds); round += 1) {
  const started = performance.now();
  let made = 0;
  const worker = async () => {
    while (made < Number(count)) {
      made += 1;
      await request();
    }
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, worker));
  milliseconds.push(performance.now() - started);
}
await agent.close();
process.stdout.write(JSON.stringify(milliseconds));

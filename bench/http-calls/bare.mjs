/** Makes the requests that the Lua program's calls come to, with undici alone; prints each round's milliseconds. */
import { Agent } from 'undici';

const [origin = '', count, rounds] = process.argv.slice(2);
const agent = new Agent();
const milliseconds = [];
for (let round = 0; round < Number(rounds); round += 1) {
  const started = performance.now();
  for (let made = 0; made < Number(count); made += 1) {
    const { body } = await agent.request({
      origin,
      path: '/organizations?limit=10',
      method: 'GET',
      headers: { accept: 'application/json', authorization: 'Bearer sk_test_bench' },
    });
    await body.json();
  }
  milliseconds.push(performance.now() - started);
}
await agent.close();
process.stdout.write(JSON.stringify(milliseconds));

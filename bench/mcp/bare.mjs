/** Calls the tool with the protocol's client alone. Prints the milliseconds of each round. */
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const [calls = 0, rounds = 0] = process.argv.slice(2).map(Number);
const begun = performance.now();
const client = new Client({ name: 'bare', version: '1' }, { versionNegotiation: { mode: 'auto' } });
const server = new URL('server.mjs', import.meta.url).pathname;
await client.connect(new StdioClientTransport({ command: process.execPath, args: [server] }));
await client.listTools();

const times = [];
for (let round = 0; round < rounds; round += 1) {
  const started = round === 0 ? begun : performance.now();
  let sum = 0;
  for (let call = 1; call <= calls; call += 1) {
    const { structuredContent } = await client.callTool({ name: 'add', arguments: { a: call, b: 1 } });
    sum += /** @type {{ sum: number }} */ (structuredContent).sum;
  }
  if (sum !== (calls * (calls + 1)) / 2 + calls) throw new Error(`wrong: ${sum}`);
  times.push(performance.now() - started);
}
process.stdout.write(JSON.stringify(times));
await client.close();

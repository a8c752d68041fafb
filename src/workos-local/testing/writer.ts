// A program of its own for the crash test: it writes and delivers until it is killed, and says what was answered.
import { openLocalServer } from '../index.ts';
import { localAccount } from '../seed/account.ts';
import { manifest } from './document.ts';

const [database = ':memory:', name = ''] = process.argv.slice(2);
// Short, so that what a killed program had taken is soon somebody else's.
const server = openLocalServer({ database, manifest, webhookPatience: 500 });
server.webhooks.watch();

async function create(): Promise<void> {
  const { status, body } = await server.handle({
    method: 'POST',
    path: '/organizations',
    headers: { authorization: `Bearer ${localAccount.apiKey}` },
    body: JSON.stringify({ name, domain_data: [{ domain: 'crash.example', state: 'verified' }] }),
  });
  if (status !== 201) throw new Error(body);
  process.stdout.write(`${(JSON.parse(body) as { id: string }).id}\n`);
}

for (;;) {
  // Several at a time, as over several connections: they share a transaction.
  await Promise.all([create(), create(), create()]);
  // Deliveries have their turn.
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

// A program of its own for the crash test: it writes until it is killed, and says what was answered.
import { openLocalServer } from '../index.ts';
import { localAccount } from '../seed/account.ts';
import { manifest } from './document.ts';

const [database = ':memory:', name = ''] = process.argv.slice(2);
const server = openLocalServer({ database, manifest });
for (;;) {
  const { status, body } = await server.handle({
    method: 'POST',
    path: '/organizations',
    headers: { authorization: `Bearer ${localAccount.apiKey}` },
    body: JSON.stringify({ name, domain_data: [{ domain: 'crash.example', state: 'verified' }] }),
  });
  if (status !== 201) throw new Error(body);
  process.stdout.write(`${(JSON.parse(body) as { id: string }).id}\n`);
}

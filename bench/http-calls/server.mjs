/** Answers every request with the same list of ten organizations; prints its port when it listens. */
import { createServer } from 'node:http';

const time = '2026-01-01T00:00:00.000Z';
const data = Array.from({ length: 10 }, (_, index) => ({
  object: 'organization',
  id: `org_01JD000000000000000000000${index}`,
  name: `Organization ${index}`,
  domains: [],
  metadata: {},
  external_id: null,
  created_at: time,
  updated_at: time,
}));
const body = JSON.stringify({ object: 'list', data, list_metadata: { before: null, after: null } });

const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'request' }).end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.stdout.write(`${address?.port}\n`);
});

/** Answers every request with the same list after fifty milliseconds. */
import { createServer } from 'node:http';
import { json } from './exchange.mjs';

const server = createServer((_, response) => {
  setTimeout(() => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(json);
  }, 50);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});

/** A server of the 2025 revisions that misbehaves in the way its first argument names; its second is a file of its own. */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [, , mode = '', file = ''] = process.argv;
const send = (/** @type {object} */ message) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const text = (/** @type {string} */ words) => ({ content: [{ type: 'text', text: words }] });

const outputSchema = { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] };
const tool = (/** @type {string} */ name, more = {}) => ({
  name,
  description: 'A tool',
  inputSchema: { type: 'object' },
  annotations: { readOnlyHint: true },
  ...more,
});
let tools = [
  tool('work', mode === 'wrong-output' ? { outputSchema } : {}),
  ...(mode === 'asks' ? [tool('hide')] : []),
];
/** The call that waits for what was asked: its id, and whether it tells of the refusal. @type {{ id: number, name: string } | null} */
let asking = null;

if (mode === 'garbage') process.stdout.write('Server is starting…\n{"not": "a message"}\n');

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params, error } = JSON.parse(line);
  if (file !== '' && mode === 'recorded') appendFileSync(file, `${method}\n`);
  if (id === 'asked' && asking !== null) {
    const words = asking.name === 'hide' ? 'could not' : `MCP error ${error?.code}: ${error?.message}`;
    send({ id: asking.id, result: { ...text(words), isError: true } });
    return;
  }
  switch (method) {
    case 'server/discover':
      if (mode !== 'silent') send({ id, error: { code: -32601, message: 'Method not found' } });
      return;
    case 'initialize':
      if (mode === 'silent') return;
      send({
        id,
        result: {
          protocolVersion: params.protocolVersion,
          capabilities: { tools: { listChanged: true } },
          serverInfo: { name: 'odd', version: '1' },
        },
      });
      return;
    case 'tools/list':
      send({ id, result: { tools } });
      return;
    case 'tools/call':
      call(id, params);
  }
});

function call(/** @type {number} */ id, /** @type {{ name: string }} */ { name }) {
  switch (mode) {
    case 'hangs':
    case 'recorded':
      return;
    case 'wrong-output':
      send({ id, result: { ...text('{}'), structuredContent: { count: 'many' } } });
      return;
    case 'too-large':
      process.stdout.write('x'.repeat(52 * 1024 * 1024));
      return;
    case 'large':
      send({ id, result: text('x'.repeat(20 * 1024 * 1024)) });
      return;
    case 'crashes-once':
      if (!existsSync(file)) {
        writeFileSync(file, 'crashed');
        process.stderr.write('out of luck\n');
        process.exit(7);
      }
      send({ id, result: text('well again') });
      return;
    case 'asks':
      asking = { id, name };
      send({
        id: 'asked',
        method: file,
        params: {
          message: 'Who?',
          requestedSchema: { type: 'object', properties: {} },
          messages: [],
          maxTokens: 9,
        },
      });
      return;
    case 'crashes':
      process.exit(7);
      return;
    case 'changes':
      tools = [tool('work'), tool(`added_by_${name}`)];
      send({ method: 'notifications/tools/list_changed' });
      send({ id, result: text('changed') });
      return;
    default:
      send({ id, result: text(`called ${name}`) });
  }
}

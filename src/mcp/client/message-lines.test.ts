import { describe, expect, it } from 'vitest';
import { MessageLines, messageOf } from './message-lines.ts';

describe('the lines of a stream', () => {
  it('come whole, however the stream is cut', () => {
    const lines = ['{"a":"ä€😀"}', '', 'x'.repeat(300), '{"b":1}\r'];
    const bytes = Buffer.from(`${lines.join('\n')}\nrest`);
    let seed = 1;
    for (let round = 0; round < 200; round += 1) {
      const reader = new MessageLines(1_000);
      const found: string[] = [];
      for (let at = 0; at < bytes.length; ) {
        seed = (seed * 48_271) % 2_147_483_647;
        const size = 1 + (seed % (round + 1));
        found.push(...(reader.add(bytes.subarray(at, at + size)) ?? ['too long']));
        at += size;
      }
      expect(found).toEqual(lines);
    }
  });

  it('are given up when one is too long, also one that never ends', () => {
    const reader = new MessageLines(10);
    expect(reader.add(Buffer.from('0123456789\n'))).toEqual(['0123456789']);
    expect(reader.add(Buffer.from('012345'))).toEqual([]);
    expect(reader.add(Buffer.from('678901'))).toBeNull();
  });

  it('are messages of the protocol, or none', () => {
    expect(messageOf('{"jsonrpc":"2.0","method":"ping","id":1}\r')).toMatchObject({ method: 'ping' });
    const messages = [
      { id: 1, result: {} },
      { id: 'a', result: { content: [] } },
      { id: 1, error: { code: -32601, message: 'no' } },
      { method: 'notifications/progress', params: { progress: 1, progressToken: 2 } },
    ].map((message) => ({ jsonrpc: '2.0', ...message }));
    expect(messages.map((message) => messageOf(JSON.stringify(message)))).toEqual(messages);
    const none = [
      { id: 1.5, result: {} },
      { id: 1, result: [] },
      { id: 1, result: {}, more: true },
      { id: 1, error: {} },
      { method: 7 },
      {},
    ].map((message) => JSON.stringify({ jsonrpc: '2.0', ...message }));
    expect(none.map(messageOf)).toEqual(none.map(() => null));
    for (const line of ['', 'Server is up', '{"not":"a message"}', '[1]', 'null', '{"jsonrpc":"1.0"}'])
      expect(messageOf(line)).toBeNull();
  });
});

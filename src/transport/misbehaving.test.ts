import type { Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import timers from 'undici/lib/util/timers.js';
import { afterEach, describe, expect, it } from 'vitest';
import { testRun } from '../call/testing/pipeline.ts';
import { SkippingClock } from '../call/testing/skipping-clock.ts';
import { createHttpTransport } from './http.ts';
import { plainAnswer, RawServer } from './testing/raw-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const item of open.splice(0)) await item.close();
});

/** Lets the client's time-outs pass, once a request has come. It looks at them once a second by itself. */
function timePasses(): void {
  setTimeout(() => {
    timers.tick(0);
    timers.tick(2 * timeout);
  }, 5);
}

const timeout = 5_000;

/** Calls of WorkOS's API that go to a server which answers like this. */
async function calls(answer: (socket: Socket, request: string, nth: number) => void, timeoutMs = 20_000) {
  const server = await RawServer.open(answer);
  const limits = { headersTimeout: timeout, bodyTimeout: timeout, maxAnswer: 1024 * 1024 };
  const transport = await createHttpTransport({ environment: {}, limits });
  open.push(transport, server);
  const run = testRun(transport, { clock: new SkippingClock(), url: server.url, timeoutMs });
  return {
    server,
    read: () => run.call('list_organizations'),
    write: () => run.call('create_organization', { name: 'Acme' }),
  };
}

/** What a read and a write come to: code, message and how often it was sent. */
async function ends(answer: (socket: Socket, request: string, nth: number) => void, timeoutMs?: number) {
  const { server, read, write } = await calls(answer, timeoutMs);
  const shown = (outcome: Awaited<ReturnType<typeof read>>) =>
    outcome.ok
      ? [outcome.value]
      : [
          outcome.error.code,
          outcome.error.message.replaceAll(server.url, 'URL').replaceAll('workos.workos_organizations_', ''),
          outcome.record.attempts,
        ];
  return { read: shown(await read()), write: shown(await write()) };
}

describe('a server that', () => {
  it('never answers', async () => {
    expect(await ends(timePasses)).toEqual({
      read: ['network_error', 'URL did not answer list: no answer within 5 s.', 4],
      write: [
        'outcome_unknown',
        'create was sent, but its answer was lost: no answer within 5 s. It may have happened.',
        1,
      ],
    });
  });

  it('answers too late is not heard, and its late answer is not taken for another call’s', async () => {
    const late: Socket[] = [];
    const { server, read } = await calls((socket, _, nth) => {
      if (nth === 1) {
        timePasses();
        return late.push(socket);
      }
      for (const other of late) other.write(plainAnswer('{"data":["late"]}'));
      return socket.write(plainAnswer('{"data":["in time"]}'));
    });
    expect(await read()).toMatchObject({ ok: true, value: { data: ['in time'] }, record: { attempts: 2 } });
    expect(await read()).toMatchObject({ ok: true, value: { data: ['in time'] } });
    expect(server.requests).toBe(3);
  });

  it('answers without end is cut off at the limit', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    let bytes = 0;
    const endless = (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const pump = () => {
        while (!socket.destroyed) {
          bytes += chunk.length;
          if (!socket.write(chunk)) return socket.once('drain', pump);
        }
        return socket;
      };
      pump();
    };
    expect(await ends(endless)).toEqual({
      read: ['invalid_response', 'The answer of list is too large: it is larger than 1 MB.', 1],
      write: [
        'outcome_unknown',
        'create was sent, but its answer was lost (its status was 200): it is larger than 1 MB. It may have happened.',
        1,
      ],
    });
    // Two answers of at most 1 MB, and what the sockets between hold.
    expect(bytes).toBeLessThan(32 * 1024 * 1024);
  });

  it('says that it will answer with 10 GB is not listened to', async () => {
    const huge = (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10737418240\r\n\r\n{');
    expect((await ends(huge)).read).toEqual([
      'invalid_response',
      'The answer of list is too large: it is larger than 1 MB.',
      1,
    ]);
  });

  it('lies about the type of its answer is believed by what it sends', async () => {
    const mislabelled = (body: string, type: string) => (socket: Socket) =>
      socket.write(plainAnswer(body, `HTTP/1.1 200 OK\r\ncontent-type: ${type}`));
    expect((await ends(mislabelled('{"a":1}', 'text/html'))).read).toEqual([{ a: 1 }]);
    expect((await ends(mislabelled('<h1>Sign in</h1>', 'application/json'))).read).toEqual([
      'invalid_response',
      'GET /organizations answered 200 with something that is not JSON (application/json).',
      1,
    ]);
  });

  it('promises more than it sends, and closes', async () => {
    const short = (socket: Socket) =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"data":[', () => socket.destroy());
    const why = 'the connection was closed before the answer was complete';
    expect(await ends(short)).toEqual({
      read: ['network_error', `URL did not answer list: ${why}.`, 4],
      write: [
        'outcome_unknown',
        `create was sent, but its answer was lost (its status was 200): ${why}. It may have happened.`,
        1,
      ],
    });
  });

  it('promises more than it sends, and waits', async () => {
    const waiting = (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"data":[');
      const passing = setInterval(timePasses, 50);
      socket.on('close', () => clearInterval(passing));
    };
    expect((await ends(waiting)).read).toEqual([
      'network_error',
      'URL did not answer list: the answer stopped for 5 s.',
      4,
    ]);
  });

  it('sends more than it promised spoils that answer and no other', async () => {
    const { read } = await calls((socket, _, nth) =>
      socket.write(
        nth === 1 ? 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"data":["x"]}' : plainAnswer('{"data":[]}'),
      ),
    );
    expect(await read()).toMatchObject({ error: { code: 'invalid_response' } });
    expect(await read()).toMatchObject({ ok: true, value: { data: [] } });
  });

  it('closes in the middle of its headers', async () => {
    const cut = (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le');
    expect((await ends(cut)).read).toEqual([
      'network_error',
      'URL did not answer list: the connection was closed before the answer was complete.',
      4,
    ]);
  });

  it('closes the connection that was kept alive is asked again on a new one', async () => {
    const { read } = await calls((socket, _, nth) =>
      nth === 2 ? socket.destroy() : socket.write(plainAnswer('{"data":[]}')),
    );
    expect(await read()).toMatchObject({ ok: true, record: { attempts: 1 } });
    expect(await read()).toMatchObject({ ok: true, record: { attempts: 2 } });
  });

  it('sends an error as HTML', async () => {
    const page = '<html><style>a{}</style><h1>Bad gateway</h1></html>';
    const html = (socket: Socket) =>
      socket.write(plainAnswer(page, 'HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html'));
    expect(await ends(html)).toEqual({
      read: ['api_error', 'Bad gateway (502, GET /organizations)', 4],
      write: ['api_error', 'Bad gateway (502, POST /organizations)', 1],
    });
  });

  it('says 429 for ever', async () => {
    const busy = (socket: Socket) =>
      socket.write(
        plainAnswer('{"message":"Slow down."}', 'HTTP/1.1 429 Too Many Requests\r\nretry-after: 1'),
      );
    expect(await ends(busy)).toEqual({
      read: ['api_error', 'Slow down. (429, GET /organizations)', 4],
      write: ['api_error', 'Slow down. (429, POST /organizations)', 1],
    });
  });

  it('compresses is understood', async () => {
    const body = '{"name":"Ünïted"}';
    for (const [encoding, bytes] of [
      ['gzip', gzipSync(body)],
      ['br', brotliCompressSync(body)],
      ['gzip, br', brotliCompressSync(gzipSync(body))],
    ] as const) {
      const asked: string[] = [];
      const { read } = await calls((socket, request) => {
        asked.push(request);
        socket.write(
          `HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${bytes.length}\r\n\r\n`,
        );
        socket.write(bytes);
      });
      expect(await read()).toMatchObject({ ok: true, value: { name: 'Ünïted' } });
      expect(asked[0]).toContain('accept-encoding: gzip, br');
    }
  });

  it('says that it compresses and does not, or in a way nobody knows', async () => {
    const encoded = (encoding: string) => (socket: Socket) =>
      socket.write(plainAnswer('{"a":1}', `HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}`));
    expect(await ends(encoded('gzip'))).toEqual({
      read: ['invalid_response', 'The answer of list cannot be read: it is not gzip, as it says.', 1],
      write: [
        'outcome_unknown',
        'create was sent, but its answer was lost (its status was 200): it is not gzip, as it says. It may have happened.',
        1,
      ],
    });
    expect((await ends(encoded('rot13'))).read).toEqual([
      'invalid_response',
      'The answer of list cannot be read: it is encoded as rot13.',
      1,
    ]);
  });

  it('sends little that inflates to much is cut off at the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024, 'x'));
    const bombing = (socket: Socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    };
    expect((await ends(bombing)).read).toEqual([
      'invalid_response',
      'The answer of list is too large: inflated it is larger than 1 MB.',
      1,
    ]);
  });

  it('sends headers without end', async () => {
    const bombing = (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      for (let header = 0; header < 2_000; header += 1) socket.write(`x-${header}: ${'y'.repeat(100)}\r\n`);
    };
    expect((await ends(bombing)).read).toEqual([
      'invalid_response',
      'The answer of list cannot be read: its headers are larger than 16 KB.',
      1,
    ]);
  });

  it('does not speak HTTP', async () => {
    expect((await ends((socket) => socket.end('220 mail.test ESMTP\r\n'))).read).toEqual([
      'invalid_response',
      'The answer of list cannot be read: it is not HTTP.',
      1,
    ]);
  });

  it('sends hints before its answer', async () => {
    const hints = (socket: Socket) =>
      socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${plainAnswer('{"data":[]}')}`);
    expect((await ends(hints)).read).toEqual([{ data: [] }]);
  });

  it('changes the protocol unasked', async () => {
    const upgrading = (socket: Socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    expect((await ends(upgrading)).read).toEqual([
      'network_error',
      'URL did not answer list: the connection was closed before the answer was complete.',
      4,
    ]);
  });

  it('dribbles its answer is given up when the call’s time is over', async () => {
    const dribbling = (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
      const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(' ')), 5);
    };
    expect(await ends(dribbling, 150)).toEqual({
      read: ['network_error', 'URL did not answer list: no answer within 0.15 s.', 1],
      write: [
        'outcome_unknown',
        'create was sent, but its answer was lost: no answer within 0.15 s. It may have happened.',
        1,
      ],
    });
  });
});

it('a run that was answered badly goes on', async () => {
  const bad = [
    'garbage\r\n\r\n',
    'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{]}',
    plainAnswer('{"data":[]}'),
  ];
  const { read } = await calls((socket, _, nth) => socket.write(bad[nth - 1] ?? ''));
  expect([(await read()).ok, (await read()).ok, (await read()).ok]).toEqual([false, false, true]);
});

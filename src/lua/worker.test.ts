import { EventEmitter, once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { MessageChannel, type Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { productFolder } from '../support/installation.ts';
import { Mailbox } from './engine/mailbox.ts';
import type { WorkerMessage } from './engine/protocol.ts';
import { createSharedMemory } from './engine/shared-memory.ts';
import { defaultLimits } from './limits.ts';
import { LuaThreadHandle } from './worker.ts';

/** The time, which stands still but for what a test lets go by: a busy machine is to make no difference. */
let now = 1_000;
beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

/** A handle whose thread is the test: it says what it wants, by the port or by the mailbox. */
async function attended(
  says: (thread: { post: (name: string) => void; put: (name: string) => boolean }) => void,
  before: () => Promise<void> | void = () => undefined,
) {
  const shared = createSharedMemory();
  const { port1, port2 } = new MessageChannel();
  const worker = Object.assign(new EventEmitter(), { postMessage: () => undefined, unref: () => undefined });
  const handle = new LuaThreadHandle({
    ...shared,
    worker: worker as unknown as Worker,
    port: port1,
    folder: productFolder(),
    memoryBytes: defaultLimits.memoryBytes,
  });
  const questions = new Mailbox(shared.questions);
  const heard: string[] = [];
  const messages = new EventEmitter();
  handle.listen({
    said: (message: WorkerMessage) => {
      heard.push(message.kind === 'ask' ? message.name : message.kind);
      messages.emit('heard');
    },
    failed: () => undefined,
  });
  const post = (name: string) => {
    port2.postMessage({ kind: 'ask', id: 1, name, args: [] });
    handle.control.addMessage();
  };
  const put = (name: string) => {
    const isPut = questions.put(JSON.stringify([1, name, []]), handle.control.messages());
    if (isPut) handle.control.addMessage();
    return isPut;
  };
  // Only after a turn of the event loop is anything attended to.
  post('first');
  await once(messages, 'heard');
  await before();
  const looked = handle.control.messages.bind(handle.control);
  let said = false;
  vi.spyOn(handle.control, 'messages').mockImplementation(() => {
    if (!said) {
      said = true;
      says({ post, put });
    }
    return looked();
  });
  handle.attend();
  handle.listen(null);
  port1.close();
  return { heard, isWantedLater: questions.wanted };
}

describe.runIf(availableParallelism() > 1)('a thread that is attended to', () => {
  it('is heard by its mailbox, which is shut afterwards', async () => {
    const { heard, isWantedLater } = await attended(({ put }) => expect(put('second')).toBe(true));
    expect(heard).toEqual(['first', 'second']);
    expect(isWantedLater).toBe(false);
  });

  it('is heard in the order it speaks in, when the mailbox was first', async () => {
    const { heard } = await attended(({ post, put }) => {
      put('second');
      post('third');
      expect(put('no room')).toBe(false);
      post('fourth');
    });
    expect(heard).toEqual(['first', 'second', 'third', 'fourth']);
  });

  it('is heard in the order it speaks in, when the port was first', async () => {
    const { heard } = await attended(({ post, put }) => {
      post('second');
      post('third');
      expect(put('fourth')).toBe(true);
      post('fifth');
    });
    expect(heard).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
  });

  it('is attended to after a wait, in which the event loop had its turns', async () => {
    const { heard } = await attended(
      ({ put }) => put('second'),
      async () => {
        const { idleTime } = performance.nodeTiming;
        while (performance.nodeTiming.idleTime === idleTime) await setTimeout(1);
        now += 20;
      },
    );
    expect(heard).toEqual(['first', 'second']);
  });

  it('is left to the event loop when that had no turn for long', async () => {
    const { heard } = await attended(
      ({ put }) => put('second'),
      () => {
        now += 20;
      },
    );
    expect(heard).toEqual(['first']);
  });
});

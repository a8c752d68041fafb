import { join } from 'node:path';
import { MessageChannel, type MessagePort, SHARE_ENV, Worker } from 'node:worker_threads';
import type { WorkerData } from './engine/protocol.ts';
import { createSharedMemory, type SharedMemory } from './engine/shared-memory.ts';
import { defaultLimits } from './limits.ts';

/** A thread that has been started, and the memory it shares with this one. */
export interface StartedThread extends SharedMemory {
  readonly worker: Worker;
  readonly port: MessagePort;
  /** Where the built product is. */
  readonly folder: string;
  /** The most bytes that a program in it may use. */
  readonly memoryBytes: number;
}

/**
 * How many megabytes V8 may hold in a thread. What the host's functions make for a program is counted against the
 * program's own limit by estimates; this is where V8 itself stops, so that no estimate can be far off.
 */
const hostRoom = (memoryBytes: number) => 32 + Math.ceil((2 * memoryBytes) / (1024 * 1024));

/**
 * Starts a thread for Lua and returns at once. It takes Node.js longer to start a thread than anything else that a run
 * waits for, so this file imports nothing that would have to be loaded first.
 *
 * @param folder where the built product is
 * @param memoryBytes the most that a program in it may use
 */
export function startThread(folder: string, memoryBytes = defaultLimits.memoryBytes): StartedThread {
  const { port1, port2 } = new MessageChannel();
  const shared = createSharedMemory();
  const workerData: WorkerData = { ...shared, port: port2, folder };
  const worker = new Worker(join(folder, 'lua-worker.cjs'), {
    workerData,
    transferList: [port2],
    execArgv: [],
    // Room for as many C calls inside one another as Lua allows; and what the host's functions have thrown away is
    // collected early, since it is memory all the same.
    resourceLimits: {
      stackSizeMb: 16,
      maxYoungGenerationSizeMb: 8,
      maxOldGenerationSizeMb: hostRoom(memoryBytes),
    },
    env: SHARE_ENV,
  });
  return { ...shared, folder, memoryBytes, worker, port: port1 };
}

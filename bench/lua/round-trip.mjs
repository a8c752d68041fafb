/** A thread that asks the main thread and sleeps until it is answered: what any blocking call costs at the least. */
import { MessageChannel, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads';
import { rounds } from './exchange.mjs';

if (workerData === null) {
  const { port1, port2 } = new MessageChannel();
  const shared = new SharedArrayBuffer(4);
  const words = new Int32Array(shared);
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { port: port2, shared },
    transferList: [port2],
  });
  port1.on('message', (/** @type {number | { microseconds: number }} */ message) => {
    if (typeof message === 'object') {
      process.stdout.write(JSON.stringify(message));
      port1.close();
      void worker.terminate();
      return;
    }
    port1.postMessage([]);
    Atomics.add(words, 0, 1);
    Atomics.notify(words, 0);
  });
} else {
  const { port, shared } = workerData;
  const words = new Int32Array(shared);
  const ask = () => {
    const seen = Atomics.load(words, 0);
    port.postMessage(1);
    Atomics.wait(words, 0, seen);
    receiveMessageOnPort(port);
  };
  for (let round = 0; round < rounds.calls; round += 1) ask();
  const started = performance.now();
  for (let round = 0; round < rounds.calls; round += 1) ask();
  port.postMessage({ microseconds: ((performance.now() - started) * 1000) / rounds.calls });
}

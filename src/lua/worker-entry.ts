import { parentPort, workerData } from 'node:worker_threads';
import { OutputBatch } from './engine/output.ts';
import { HostPort } from './engine/port.ts';
import { Control, type RunMessage, type WorkerData } from './engine/protocol.ts';
import { loadEngine } from './engine/raw.ts';
import { ProgramRunner } from './program.ts';

// The thread that runs programs. It is started by `LuaWorker`, and ended by it when a limit is hit.
const { port, control: controlBuffer, output, counters, wasmFile } = workerData as WorkerData;
const control = new Control(controlBuffer);
const hostPort = new HostPort(port, control, new OutputBatch(output));
const runner = new ProgramRunner(await loadEngine(wasmFile), hostPort, counters);

parentPort?.on('message', (message: RunMessage) => {
  hostPort.begin(message.outputBytes);
  control.resetClock();
  control.startClock();
  const end = runner.run(message);
  control.stopClock();
  hostPort.flush();
  hostPort.post(end);
});

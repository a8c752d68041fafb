import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { Buffers } from './engine/buffers.ts';
import { compileRegexEngine } from './engine/compile.ts';
import { OutputBatch } from './engine/output.ts';
import { HostPort } from './engine/port.ts';
import { Control, type LoadMessage, type RunMessage, type WorkerData } from './engine/protocol.ts';
import { createEngine } from './engine/raw.ts';
import { ProgramRunner } from './program.ts';

// The thread that runs programs. It is started by `LuaWorker`, and ended by it when a limit is hit.
const data = workerData as WorkerData;
const { port, control: controlBuffer, output, counters, folder } = data;
const control = new Control(controlBuffer);
const buffers = new Buffers(counters);
const hostPort = new HostPort(port, data, control, new OutputBatch(output), buffers);

let runner: ProgramRunner | null = null;
let regexModule: WebAssembly.Module | null = null;
const files = {
  prelude: readFileSync(join(folder, 'prelude.luac')),
  regex: () => {
    regexModule ??= compileRegexEngine(readFileSync(join(folder, 'pcre2.wasm')));
    return regexModule;
  },
};

parentPort?.on('message', (message: LoadMessage | RunMessage) => {
  if (message.kind === 'load')
    runner = new ProgramRunner(createEngine(message.module), hostPort, counters, buffers, files);
  else if (runner !== null) run(runner, message);
});

function run(program: ProgramRunner, message: RunMessage): void {
  hostPort.begin(message.outputBytes);
  control.resetClock();
  control.startClock();
  const end = program.run(message);
  control.stopClock();
  hostPort.flush();
  hostPort.post(end);
}

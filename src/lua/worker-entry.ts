import { workerData } from 'node:worker_threads';
import { loadCompiledCode } from '../support/compiled-code.ts';
import type { WorkerData } from './engine/protocol.ts';

// What a Lua thread is started with. Everything else it loads comes compiled.
loadCompiledCode((workerData as WorkerData).folder);
void import('./worker-program.ts');

import { type Failure, failure } from '../support/errors.ts';
import type { LuaLimits } from './limits.ts';

export function memoryLimit(): Failure {
  return failure('memory_limit', 'The program needs more memory than it may use.');
}

export function outputLimit(limits: LuaLimits): Failure {
  return failure('output_limit', `The program printed more than ${limits.outputBytes} bytes.`, {
    hint: 'Print less, or return only what is needed.',
    details: { bytes: limits.outputBytes },
  });
}

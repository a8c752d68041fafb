import type { ServerContext } from '@modelcontextprotocol/server';
import type { CallOutcome } from '../../call/index.ts';
import type { ToolProgress } from '../client/asking.ts';
import { integrationOf } from '../client/server-name.ts';

/** By how much it goes on when nothing tells by how much. */
const step = 0.001;

/**
 * How a client hears that a run gets on. The protocol wants numbers that rise with every notification: here it is the
 * number of calls that were answered, and on the way to the next what its tool says of itself.
 */
export class RunProgress {
  readonly #tell: (progress: number, message: string) => void;
  #answered = 0;
  #told = 0;

  constructor(tell: (progress: number, message: string) => void) {
    this.#tell = tell;
  }

  /** A call has been answered. */
  answered({ record, ok }: CallOutcome): void {
    this.#answered += 1;
    this.#rise(this.#answered, `${record.function}${ok ? '' : ' failed'}`);
  }

  /** A tool is on its way; others may be, beside it. */
  underWay({ server, tool, progress, total, message }: ToolProgress): void {
    const part = total === null || total <= 0 ? 0 : Math.min(progress / total, 1 - step);
    const far = total === null ? String(progress) : `${progress} of ${total}`;
    this.#rise(this.#answered + part, `${integrationOf(server)}.${tool}: ${message ?? far}`);
  }

  #rise(to: number, message: string): void {
    const next = Math.max(to, this.#told + step);
    this.#told = Math.round(next / step) * step;
    this.#tell(Number(this.#told.toFixed(3)), message);
  }
}

/** Tells a client that asked for it how a run gets on; null for one that did not. */
export function progressTo({ mcpReq }: ServerContext): RunProgress | null {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return null;
  return new RunProgress((progress, message) => {
    mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress, message } })
      // A client that does not listen any more will not be told.
      .catch(() => undefined);
  });
}

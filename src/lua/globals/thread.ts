import type { JsonValue } from '../../support/json.ts';
import type { Buffers } from '../engine/buffers.ts';
import type { HostPort } from '../engine/port.ts';
import type { Pusher } from '../engine/push.ts';
import type { Reader } from '../engine/read.ts';
import type { LuaState } from '../engine/state.ts';
import type { Regex } from '../regex/regex.ts';
import type { FailureTables } from './failures.ts';
import type { Readable } from './readable.ts';

/** What the globals of one thread work with. */
export interface LuaThread {
  readonly lua: LuaState;
  readonly port: HostPort;
  readonly pusher: Pusher;
  readonly reader: Reader;
  readonly readable: Readable;
  readonly failures: FailureTables;
  readonly buffers: Buffers;
  /** The running program's regular expressions, once it has used one. */
  regex: Regex | null;
  /** What the running program's random numbers come from; null for others each time. */
  seed: number | null;
  /** How often the program has asked for CPU time, where its time stands still; else null. */
  ticks: number | null;
  /** The last value the running program dumped, and how much it takes; undefined when it dumped none. */
  dumped: { readonly value: JsonValue; readonly size: number } | undefined;
}

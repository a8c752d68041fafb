import { type CalendarTime, calendarTime, formatTime, timeOfCalendar } from './calendar.ts';

/** Exports that the imports below call back into. */
interface CallBacks {
  readonly memory: WebAssembly.Memory;
  readonly __indirect_function_table: WebAssembly.Table;
  readonly stackSave: () => number;
  readonly stackRestore: (stack: number) => void;
  readonly setThrew: (threw: number, value: number) => void;
}

/** What C's `longjmp` throws: a number, as the compiled code expects, so that no other exception is taken for it. */
const longjmp = Number.POSITIVE_INFINITY;

/** `ENOSYS`, negated as system calls have it. */
const notSupported = -52;
/** `EBADF` of WASI. */
const badDescriptor = 8;

/**
 * What the compiled engine asks of its surroundings. Time, memory and `longjmp` are all it is given: every door to
 * files, processes and the environment is closed here, below Lua, whatever a program gets hold of.
 *
 * @param exports gives the instance's exports, once there is an instance
 * @param now the time in milliseconds since 1970
 */
export function wasmImports(exports: () => CallBacks, now: () => number): WebAssembly.Imports {
  const view = () => new DataView(exports().memory.buffer);
  const closed = () => notSupported;
  const closedDescriptor = () => badDescriptor;
  return {
    env: {
      abort: () => {
        throw new Error('The Lua engine has aborted.');
      },
      exit: () => {
        throw new Error('The Lua engine has exited.');
      },
      // Calls that a `longjmp` may end: `lua_pcall` is made of them.
      invoke_vii: (index: number, first: number, second: number) => {
        const { stackSave, stackRestore, setThrew, __indirect_function_table: table } = exports();
        const stack = stackSave();
        try {
          table.get(index)(first, second);
        } catch (thrown) {
          stackRestore(stack);
          if (thrown !== longjmp) throw thrown;
          setThrew(1, 0);
        }
      },
      _emscripten_throw_longjmp: () => {
        throw longjmp;
      },
      emscripten_resize_heap: (bytes: number) => (growTo(exports().memory, bytes >>> 0) ? 1 : 0),
      emscripten_date_now: now,
      _emscripten_get_now_is_monotonic: () => 0,
      _tzset_js: () => undefined,
      _gmtime_js: (seconds: bigint, place: number) =>
        writeTime(view(), place, calendarTime(Number(seconds) * 1000, 'utc')),
      _localtime_js: (seconds: bigint, place: number) =>
        writeTime(view(), place, calendarTime(Number(seconds) * 1000, 'local')),
      _mktime_js: (place: number) => {
        const milliseconds = timeOfCalendar(readTime(view(), place));
        if (Number.isNaN(milliseconds)) return -1n;
        writeTime(view(), place, calendarTime(milliseconds, 'local'));
        return BigInt(Math.floor(milliseconds / 1000));
      },
      strftime: (buffer: number, size: number, format: number, place: number) => {
        const bytes = new Uint8Array(exports().memory.buffer);
        const pattern = Buffer.from(bytes.subarray(format, bytes.indexOf(0, format))).toString('latin1');
        const text = Buffer.from(formatTime(pattern, readTime(view(), place)), 'latin1');
        // As C has it: 0 says that the text and its closing zero do not fit.
        if (text.length >= size) return 0;
        bytes.set(text, buffer);
        bytes[buffer + text.length] = 0;
        return text.length;
      },
      system: closed,
      __syscall_openat: closed,
      __syscall_fcntl64: closed,
      __syscall_ioctl: closed,
      __syscall_dup3: closed,
      __syscall_unlinkat: closed,
      __syscall_rmdir: closed,
      __syscall_renameat: closed,
      __syscall_readlinkat: closed,
    },
    wasi_snapshot_preview1: {
      fd_write: closedDescriptor,
      fd_read: closedDescriptor,
      fd_close: closedDescriptor,
      fd_seek: closedDescriptor,
      environ_get: () => 0,
      environ_sizes_get: (count: number, size: number) => {
        view().setUint32(count, 0, true);
        view().setUint32(size, 0, true);
        return 0;
      },
    },
  };
}

const pageBytes = 65_536;

/** Grows the memory by a fifth at least, so that growing stays rare; false when there is no more to be had. */
function growTo(memory: WebAssembly.Memory, wanted: number): boolean {
  const have = memory.buffer.byteLength;
  for (const target of [Math.max(wanted, have * 1.2), wanted]) {
    try {
      memory.grow(Math.ceil((target - have) / pageBytes));
      return true;
    } catch {
      // Less may still be had.
    }
  }
  return false;
}

/** `struct tm`: 32-bit fields in this order. */
const fields = [
  'second',
  'minute',
  'hour',
  'day',
  'month',
  'year',
  'weekday',
  'yearDay',
  'daylightSaving',
  'offset',
] as const;

function writeTime(view: DataView, place: number, time: CalendarTime): void {
  fields.forEach((field, index) => {
    view.setInt32(place + index * 4, time[field], true);
  });
}

function readTime(view: DataView, place: number): CalendarTime {
  const values = fields.map((field, index) => [field, view.getInt32(place + index * 4, true)] as const);
  return Object.fromEntries(values) as Record<(typeof fields)[number], number>;
}

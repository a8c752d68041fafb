// The part of the WebAssembly JavaScript API that the engine uses; Node's types do not declare it.
declare namespace WebAssembly {
  type Exports = Record<string, unknown>;
  type Imports = Record<string, Record<string, unknown>>;

  class RuntimeError extends Error {}

  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer | SharedArrayBuffer;
    grow(pages: number): number;
  }

  class Module {
    constructor(bytes: Uint8Array);
  }

  class Table {
    constructor(descriptor: { initial: number; maximum?: number; element: 'anyfunc' });
    grow(by: number): number;
    get(index: number): (...args: number[]) => unknown;
    set(index: number, value: unknown): void;
  }

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }
}

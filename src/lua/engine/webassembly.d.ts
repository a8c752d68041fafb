// The part of the WebAssembly JavaScript API that the engine uses; Node's types do not declare it.
declare namespace WebAssembly {
  type Exports = Record<string, unknown>;
  type Imports = Record<string, Record<string, unknown>>;

  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer | SharedArrayBuffer;
  }

  class Module {
    constructor(bytes: Uint8Array);
  }

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }

  let instantiate: (bytes: Uint8Array, imports?: Imports) => Promise<{ module: Module; instance: Instance }>;
}

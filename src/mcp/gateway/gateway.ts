import type { ClassicTool } from './classic-tools.ts';
import type { GatewayOptions, GatewayRuntime } from './contract.ts';

/** A gateway: what it is made of, and what it is doing. */
export class Gateway {
  readonly runtime: GatewayRuntime;
  readonly options: GatewayOptions;
  readonly #working = new Set<Promise<unknown>>();
  #classic: Promise<ReadonlyMap<string, ClassicTool>> | null = null;

  constructor(runtime: GatewayRuntime, options: GatewayOptions) {
    this.runtime = runtime;
    this.options = options;
  }

  /** The operations that are tools of their own; servers are started for their tools when they are first asked for. */
  classic(): Promise<ReadonlyMap<string, ClassicTool>> {
    this.#classic ??= import('./classic-tools.ts').then(async ({ classicTools }) => {
      const { catalog, mcp } = this.runtime;
      const { tools, faults } = await classicTools(catalog, mcp, this.options);
      for (const fault of faults) process.stderr.write(`warning: ${fault}\n`);
      return tools;
    });
    return this.#classic;
  }

  /** Does something that is waited for before the process ends. */
  async work<T>(work: () => Promise<T>): Promise<T> {
    const working = work();
    this.#working.add(working);
    try {
      return await working;
    } finally {
      this.#working.delete(working);
    }
  }

  /** Resolves when nothing is being done. What was called off is done when it has been written down. */
  async idle(): Promise<void> {
    while (this.#working.size > 0) await Promise.allSettled(this.#working);
  }
}

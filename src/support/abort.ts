const listening = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Does something when a signal is aborted. However many wait for one signal, they are one listener of it: a run's
 * signal has as many that wait as calls are under way.
 * @returns calls it off
 */
export function onAbort(signal: AbortSignal, action: () => void): () => void {
  let actions = listening.get(signal);
  if (actions === undefined) {
    const waiting = new Set<() => void>();
    actions = waiting;
    listening.set(signal, waiting);
    signal.addEventListener('abort', () => {
      for (const waits of waiting) waits();
    });
  }
  const waiting = actions;
  waiting.add(action);
  return () => waiting.delete(action);
}

/** What comes of some work, or null when the signal is aborted first; the work is left to itself then. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  if (signal.aborted) return null;
  let unhear: () => unknown = () => undefined;
  const gaveUp = new Promise<null>((resolve) => {
    unhear = onAbort(signal, () => resolve(null));
  });
  try {
    return await Promise.race([work, gaveUp]);
  } finally {
    unhear();
  }
}

/** How many controllers are kept: as many as calls are under way at a time, in all but a few programs. */
const mostSpare = 64;

/**
 * Controllers that are used again, as long as nobody has aborted them. To make one takes longer than most steps of a
 * call; and on Node.js 20 every signal has a shape of its own, so that V8 throws away what it has optimized for one when
 * another comes.
 */
export class SpareControllers {
  readonly #spare: AbortController[] = [];

  take(): AbortController {
    return this.#spare.pop() ?? new AbortController();
  }

  /** Nothing may listen to its signal by then that must not hear of whoever takes it next. */
  giveBack(controller: AbortController): void {
    if (!controller.signal.aborted && this.#spare.length < mostSpare) this.#spare.push(controller);
  }
}

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

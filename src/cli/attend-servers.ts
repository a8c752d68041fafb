import type { Runtime } from '../runtime/index.ts';
import type { Progress } from './progress.ts';
import { canAsk } from './terminal.ts';

/**
 * Has a person's terminal attend to the MCP servers of a run: what they ask is asked there, and how far they are is
 * shown.
 * @param progress the line that shows how far it is; null when there is none yet
 * @param interactive false when output is for a program: then nobody is asked
 */
export function attendServers(runtime: Runtime, progress: Progress | null, interactive: boolean): void {
  const present = interactive && canAsk();
  runtime.mcp.attend({
    onProgress: ({ tool, progress: done, total, message }) => {
      const far = total === null ? String(done) : `${done} of ${total}`;
      progress?.say([tool, message ?? far].join(' '));
    },
    ...(present
      ? {
          asker: async (question) => {
            const { askOnTerminal } = await import('./mcp/ask-on-terminal.ts');
            const ask = () => askOnTerminal(question);
            return progress === null ? ask() : progress.aside(ask);
          },
        }
      : {}),
  });
}

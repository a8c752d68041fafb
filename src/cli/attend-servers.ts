import type { Runtime, ToolProgress } from '../runtime/index.ts';
import type { Progress } from './progress.ts';
import { plainText } from './show/plain-text.ts';
import { canAsk } from './terminal.ts';

/**
 * Has a person's terminal answer what the MCP servers of a run ask.
 * @param progress the line that keeps out of the way meanwhile; null when there is none yet
 * @param interactive false when output is for a program: then nobody is asked
 */
export function attendServers(runtime: Runtime, progress: Progress | null, interactive: boolean): void {
  if (!interactive || !canAsk()) return;
  runtime.mcp.attend({
    asker: async (question) => {
      const { askOnTerminal } = await import('./mcp/ask-on-terminal.ts');
      const ask = () => askOnTerminal(question);
      return progress === null ? ask() : progress.aside(ask);
    },
  });
}

/** Shows on a line how far a tool is. */
export function showTools(progress: Progress): (tool: ToolProgress) => void {
  return ({ tool, progress: done, total, message }) => {
    const far = total === null ? String(done) : `${done} of ${total}`;
    progress.say(plainText([tool, message ?? far].join(' '), false));
  };
}

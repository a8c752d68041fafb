import type { ServerContext } from '@modelcontextprotocol/server';
import type { CallOutcome } from '../../call/index.ts';

/** Tells a client that asked for it how a run gets on: a notification for each call that has been answered. */
export function progressTo(context: ServerContext): ((outcome: CallOutcome) => void) | null {
  const progressToken = context.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return null;
  let progress = 0;
  return ({ record, ok }) => {
    progress += 1;
    const message = `${record.function}${ok ? '' : ' failed'}`;
    context.mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress, message } })
      // A client that does not listen any more will not be told.
      .catch(() => undefined);
  };
}

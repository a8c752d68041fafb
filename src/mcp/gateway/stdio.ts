import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Gateway } from './gateway.ts';
import { createGatewayServer } from './server.ts';

/** The largest message that is read, in bytes. */
const largestMessage = 10 * 1024 * 1024;

/**
 * Serves a gateway on stdin and stdout, to clients of every revision. When the client goes away what runs is called
 * off, and waited for.
 * @param stop ends it, as the end of stdin does
 */
export async function serveGatewayStdio(gateway: Gateway, stop: AbortSignal): Promise<void> {
  const transport = new StdioServerTransport(process.stdin, process.stdout, {
    maxBufferSize: largestMessage,
  });
  await new Promise<void>((resolve) => {
    const handle = serveStdio(() => createGatewayServer(gateway, { isChild: true }), { transport });
    // The entry has put its own listener there, which ends what runs.
    const { onclose } = transport;
    transport.onclose = () => {
      onclose?.();
      resolve();
    };
    stop.addEventListener('abort', () => void handle.close().then(resolve), { once: true });
    if (stop.aborted) void handle.close().then(resolve);
  });
  await gateway.idle();
}

import type { Dispatcher, LocalRequest, LocalResponse } from './dispatch.ts';
import type { Deliverer } from './kit/webhooks/index.ts';
import type { PageHost } from './pages/host.ts';

/** The server without a socket: both doors, in-process calls and HTTP, go through it. */
export interface LocalServer {
  /** The lean door: plain values in and out. */
  handle(request: LocalRequest): Promise<LocalResponse>;
  /** The same by the fetch API's classes. */
  fetch(request: Request): Promise<Response>;
  /** Sends the events that webhook endpoints have asked for. */
  readonly webhooks: Deliverer;
  /** What controls it: the functions under `control/` take this. */
  readonly host: PageHost;
  close(): void;
}

export function createApp(
  dispatcher: Dispatcher,
  parts: Pick<LocalServer, 'webhooks' | 'host'>,
  close: () => void,
): LocalServer {
  const handle = async (request: LocalRequest) => {
    const answer = await dispatcher.dispatch(request);
    if (request.method !== 'GET') parts.webhooks.poke();
    return answer;
  };
  return {
    ...parts,
    handle,
    async fetch(request) {
      const { pathname, search, origin } = new URL(request.url);
      const answer = await handle({
        method: request.method,
        path: pathname + search,
        headers: Object.fromEntries(request.headers),
        body: request.body === null ? null : await request.text(),
        baseUrl: origin,
      });
      const headers = new Headers(answer.headers);
      for (const cookie of answer.cookies ?? []) headers.append('set-cookie', cookie);
      // 204 must have no body, not an empty one.
      return new Response(answer.bytes ?? (answer.body === '' ? null : answer.body), {
        status: answer.status,
        headers,
      });
    },
    close,
  };
}

import type { Dispatcher, LocalRequest, LocalResponse } from './dispatch.ts';

/** The server without a socket: both doors, in-process calls and HTTP, go through it. */
export interface LocalServer {
  /** The lean door: plain values in and out. */
  handle(request: LocalRequest): Promise<LocalResponse>;
  /** The same by the fetch API's classes. */
  fetch(request: Request): Promise<Response>;
  close(): void;
}

export function createApp(dispatcher: Dispatcher, close: () => void): LocalServer {
  const handle = (request: LocalRequest) => dispatcher.dispatch(request);
  return {
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

import type { FetchLike } from '@modelcontextprotocol/client';
import { largestMessage } from './server-process.ts';

/** `fetch` that breaks an answer off when it is larger than a message may be. */
export const limitedFetch: FetchLike = async (url, init) => {
  const response = await fetch(url, init);
  // A stream of events goes on for as long as the connection does; what it brings is many messages.
  const isStream = response.headers.get('content-type')?.includes('text/event-stream') === true;
  if (response.body === null || isStream) return response;
  let bytes = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > largestMessage)
          controller.error(new Error(`its answer is larger than ${largestMessage / 1024 ** 2} MB`));
        else controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(counted, { status, statusText, headers });
};

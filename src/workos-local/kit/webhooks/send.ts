import type { Attempt } from './deliveries.ts';

/** How much of an answer is kept, in bytes. */
const keptOfAnswer = 1024;

/**
 * Posts a body to an endpoint. Any answer from 200 to 299 counts as received; redirects are not followed. It does not
 * throw.
 *
 * @param limits how long the answer may take, in milliseconds, and what ends the wait before
 * @returns null when it was ended
 */
export async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  { patience, end }: { readonly patience: number; readonly end: AbortSignal },
): Promise<Pick<Attempt, 'status' | 'error' | 'response'> | null> {
  try {
    // Loaded with the first delivery: a run that delivers nothing needs no HTTP client.
    const { request } = await import('undici');
    const answer = await request(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'WorkOS Webhooks (kosmo)', ...headers },
      signal: AbortSignal.any([end, AbortSignal.timeout(patience)]),
    });
    const response = await beginningOf(answer.body);
    const { statusCode: status } = answer;
    const error = status >= 200 && status < 300 ? null : `The endpoint answered ${status}.`;
    return { status, error, response };
  } catch (error) {
    if (end.aborted) return null;
    return { status: null, error: reasonOf(error, patience), response: null };
  }
}

async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop closes the connection: nobody waits for the rest.
  for await (const part of body) {
    parts.push(part);
    size += part.length;
    if (size >= keptOfAnswer) break;
  }
  return Buffer.concat(parts).subarray(0, keptOfAnswer).toString();
}

function reasonOf(error: unknown, patience: number): string {
  if (!(error instanceof Error)) return 'It could not be sent.';
  if (error.name === 'TimeoutError') return `There was no answer within ${patience / 1000} s.`;
  // Some systems' errors have a code and no message.
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return error.message === '' ? code : `${error.message} (${code})`;
}

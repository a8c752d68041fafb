import type { LocalRequest, LocalResponse } from '../dispatch.ts';
import type { Area } from './host.ts';

/** Lets an area, which speaks the fetch API, answer requests in their lean form. */
export function answerWith(
  area: Area,
  usualUrl: string,
): (request: LocalRequest, requestId: string) => Promise<LocalResponse> {
  return async (request, requestId) => {
    const { method, path, headers, body, baseUrl = usualUrl, isRemote = false } = request;
    const takesBody = method !== 'GET' && method !== 'HEAD';
    const asked = new Request(baseUrl + path, { method, headers, body: takesBody ? body : null });
    const answer = await area.fetch(asked, { baseUrl, isRemote, requestId });
    const cookies = answer.headers.getSetCookie();
    answer.headers.delete('set-cookie');
    return {
      status: answer.status,
      headers: { ...Object.fromEntries(answer.headers), 'x-request-id': requestId },
      ...(await bodyOf(answer)),
      ...(cookies.length > 0 ? { cookies } : {}),
    };
  };
}

/** Text as text, everything else as the bytes it is. */
async function bodyOf(answer: Response): Promise<Pick<LocalResponse, 'body' | 'bytes'>> {
  const type = answer.headers.get('content-type') ?? 'text/plain';
  if (/^text\/|[/+]json\b/.test(type)) return { body: await answer.text() };
  return { body: '', bytes: new Uint8Array(await answer.arrayBuffer()) };
}

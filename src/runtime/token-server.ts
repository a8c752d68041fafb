import type { TokenTransport } from '../accounts/index.ts';
import type { Transport } from '../call/index.ts';
import { KosmoError } from '../support/errors.ts';

/** Has a request to a token server sent the way calls are. */
export async function askTokenServer(
  transport: Transport,
  request: Parameters<TokenTransport>[0],
  signal: AbortSignal,
): ReturnType<TokenTransport> {
  const answer = await transport.send(request, signal);
  if (!('failed' in answer)) return answer;
  const { origin } = new URL(request.url);
  throw new KosmoError('network_error', `Cannot get a token from ${origin}: ${answer.reason}.`, {
    hint: 'Check the account’s token_url and the network.',
    details: { url: origin },
  });
}

import {
  AuthorizationServerMismatchError,
  OAuthError,
  SdkError,
  SdkErrorCode,
} from '@modelcontextprotocol/client';

/** What an error says, and the one at the bottom of it: "fetch failed" alone says nothing. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // That the era was asked for first is of no interest to whoever wants to know why there was no answer.
  if (
    error instanceof SdkError &&
    error.code === SdkErrorCode.EraNegotiationFailed &&
    error.cause !== undefined
  )
    return wordsOf(error.cause);
  let last: Error = error;
  for (let depth = 0; depth < 5 && last.cause instanceof Error; depth += 1) last = last.cause;
  return last === error || error.message.includes(last.message)
    ? error.message
    : `${error.message}: ${last.message}`;
}

/** Why an authorization server gives no token; null for any other fault. */
export function tokenRefusal(error: unknown): string | null {
  if (error instanceof AuthorizationServerMismatchError) return error.message;
  if (!(error instanceof OAuthError)) return null;
  return [error.code, error.message].filter((part) => part !== '').join(': ');
}

/** Whether there is nothing where a server was asked for: one that knows only the transport before this answers so. */
export function isMissingEndpoint(error: unknown): boolean {
  const status = error instanceof SdkError && 'status' in error ? error.status : null;
  return status === 404 || status === 405;
}

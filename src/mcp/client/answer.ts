/** A request's answer, or why there is none. */
export type Answer<T> = { readonly value: T } | { readonly failed: ConnectionFault; readonly reason: string };

/**
 * `unreachable`: the server was not reached, nothing was sent. `lost`: it went away before it answered. `cancelled`: the
 * caller gave up. `refused`: it answered with an error.
 */
export type ConnectionFault = 'unreachable' | 'lost' | 'cancelled' | 'refused';

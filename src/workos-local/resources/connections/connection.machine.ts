import type { ConnectionState } from './connections.table.ts';

/** What can be done to a connection, short of deleting it. */
export type ConnectionAction = 'choose_type' | 'activate' | 'deactivate';

export interface ConnectionTransition {
  readonly next: ConnectionState;
  readonly emit: 'connection.activated' | 'connection.deactivated' | null;
}

/** What an action makes of a connection; null when there is nothing to do in its state. */
export function changeConnection(
  state: ConnectionState,
  action: ConnectionAction,
): ConnectionTransition | null {
  if (state === 'deleting') return null;
  if (action === 'choose_type') return state === 'requires_type' ? { next: 'draft', emit: null } : null;
  if (action === 'activate') {
    // Without its type nobody knows how to talk to its provider.
    return state === 'active' || state === 'requires_type'
      ? null
      : { next: 'active', emit: 'connection.activated' };
  }
  return state === 'active' ? { next: 'inactive', emit: 'connection.deactivated' } : null;
}

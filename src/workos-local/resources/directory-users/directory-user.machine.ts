/** Where a user stands: `off` is switched off but kept, `gone` is switched off and so deleted for the API. */
export type Standing = 'on' | 'off' | 'gone';

export interface Step {
  readonly next: Standing;
  readonly emit: 'dsync.user.created' | 'dsync.user.updated' | 'dsync.user.deleted' | null;
}

/**
 * What a provider's word makes of a user.
 *
 * @param standing null for one who was not in the directory
 * @param keeps whether the directory keeps users who are switched off
 */
export function stepDirectoryUser(standing: Standing | null, active: boolean, keeps: boolean): Step {
  const isThere = standing === 'on' || standing === 'off';
  if (active) return { next: 'on', emit: isThere ? 'dsync.user.updated' : 'dsync.user.created' };
  if (keeps) return { next: 'off', emit: isThere ? 'dsync.user.updated' : 'dsync.user.created' };
  return { next: 'gone', emit: isThere ? 'dsync.user.deleted' : null };
}

import type { Context } from '../../kit/context.ts';
import { badRequest, notFound } from '../../kit/errors.ts';
import type { Resource } from '../../operation.ts';
import {
  type AttemptRow,
  deleteEntry,
  entriesOf,
  hasEntry,
  insertAttempt,
  insertEntry,
  requireAttempt,
  updateAttempt,
} from './radar.table.ts';
import {
  isAmong,
  type ListAction,
  type ListType,
  listEntry,
  listTypes,
  type Traits,
  traitOf,
} from './radar-lists.ts';

export const radar = {
  RadarStandaloneController_assess: (context, { body }) => {
    const verdict = assess(context, body);
    const row: AttemptRow = {
      id: context.newId('radar_att_'),
      request: JSON.stringify(body),
      ...verdict,
      challenge_status: null,
      attempt_status: null,
      created_at: context.now,
      updated_at: context.now,
    };
    insertAttempt(context, row);
    return {
      verdict: row.verdict,
      reason: row.reason,
      attempt_id: row.id,
      ...(verdict.control === null ? {} : { control: verdict.control }),
      ...(verdict.blocklist_type === null ? {} : { blocklist_type: verdict.blocklist_type }),
    };
  },

  RadarStandaloneController_updateRadarAttempt: (context, { path, body }) => {
    const row = requireAttempt(context, path.id);
    const { challenge_status = row.challenge_status, attempt_status = row.attempt_status } = body;
    if (challenge_status === row.challenge_status && attempt_status === row.attempt_status) return undefined;
    updateAttempt(context, { ...row, challenge_status, attempt_status, updated_at: context.now });
    return undefined;
  },

  RadarStandaloneController_updateRadarList: (context, { path, body }) => {
    const { type, action } = listOfPath(path);
    const isNew = insertEntry(context, type, action, listEntry(type, body.entry));
    // The document names 204 for a new entry as well; the official SDK reads a message from every answer.
    return { message: isNew ? 'The entry is in the list now.' : 'The entry is in the list already.' };
  },

  RadarStandaloneController_deleteRadarListEntry: (context, { path, body }) => {
    const { type, action } = listOfPath(path);
    if (!deleteEntry(context, type, action, listEntry(type, body.entry))) {
      throw notFound('Radar list entry', body.entry);
    }
    return undefined;
  },
} satisfies Resource<
  | 'RadarStandaloneController_assess'
  | 'RadarStandaloneController_updateRadarAttempt'
  | 'RadarStandaloneController_updateRadarList'
  | 'RadarStandaloneController_deleteRadarListEntry'
>;

type Verdict = Pick<AttemptRow, 'verdict' | 'reason' | 'blocklist_type'> & {
  readonly control: 'restriction' | null;
};

/**
 * What Radar makes of an attempt. Who is on an allow list passes whatever else there is; who is on a block list does
 * not; for all others the detections speak, which are off until somebody turns them on, as in a new environment of
 * WorkOS. The reason names the kind of list, never its entries.
 */
export function assess(context: Context, attempt: Traits): Verdict {
  const allowed = listTypes.find((type) => isListed(context, type, 'allow', attempt));
  if (allowed !== undefined) {
    return {
      verdict: 'allow',
      reason: `Allowed by the list of the type ${allowed}`,
      control: null,
      blocklist_type: null,
    };
  }
  const blocked = listTypes.find((type) => isListed(context, type, 'block', attempt));
  if (blocked !== undefined) {
    return {
      verdict: 'block',
      reason: `Blocked by the list of the type ${blocked}`,
      control: 'restriction',
      blocklist_type: blocked,
    };
  }
  return { verdict: 'allow', reason: 'Nothing speaks against it', control: null, blocklist_type: null };
}

function isListed(context: Context, type: ListType, action: ListAction, attempt: Traits): boolean {
  if (type === 'ip_address') return isAmong(attempt.ip_address, entriesOf(context, type, action));
  const trait = traitOf(type, attempt);
  return trait !== null && hasEntry(context, type, action, trait);
}

/** @throws ApiError 400: paths are not held to their schemas before */
function listOfPath(path: { type: string; action: string }): { type: ListType; action: ListAction } {
  const type = listTypes.find((known) => known === path.type);
  const { action } = path;
  if (type === undefined || (action !== 'allow' && action !== 'block')) {
    throw badRequest('invalid_list', `There is no list ${path.type}/${action}.`);
  }
  return { type, action };
}

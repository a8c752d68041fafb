import { Types } from 'scimmy';
import { ApiError } from '../kit/errors.ts';
import type { ScimReply } from './scim-reply.ts';

const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error';

export type ScimError = InstanceType<typeof Types.Error>;
type ScimType = 'invalidSyntax' | 'invalidValue' | 'uniqueness' | null;

/** @param scimType the keyword of RFC 7644, section 3.12, where there is one */
export function scimError(status: number, scimType: ScimType, detail: string): ScimError {
  return new Types.Error(status, scimType as never, detail);
}

/** The answer to a request that failed; an error that is not the caller's is thrown on. */
export function scimErrorReply(error: unknown): ScimReply {
  if (error instanceof Types.Error) return reply(error.status, error.scimType ?? null, error.message);
  // Everything the directory refuses is a double: the rest has been checked before.
  if (error instanceof ApiError && error.status === 409) return reply(409, 'uniqueness', error.message);
  if (error instanceof ApiError) return reply(error.status, null, error.message);
  throw error;
}

function reply(status: number, scimType: string | null, detail: string): ScimReply {
  return {
    status,
    body: {
      schemas: [errorSchema],
      status: String(status),
      ...(scimType === null ? {} : { scimType }),
      detail,
    },
  };
}

/** Does a piece of work of the library's, which says by a TypeError that a value does not fit its attribute. */
export function refusingMisfits<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw misfit(error);
  }
}

export function misfit(error: unknown): unknown {
  return error instanceof TypeError ? scimError(400, 'invalidValue', error.message) : error;
}

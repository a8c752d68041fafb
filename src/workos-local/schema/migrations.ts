import type { Schema } from '../../sqlite/index.ts';
import { foundation } from './0001-foundation.ts';
import { organizations } from './0002-organizations.ts';
import { apiKeys } from './0003-api-keys.ts';
import { groups } from './0005-groups.ts';

/** All of the server's tables, in the order they came. New ones go to the end. */
export const schema: Schema = {
  // "kwos" in ASCII.
  applicationId: 0x6b776f73,
  migrations: [foundation, organizations, apiKeys, groups],
};

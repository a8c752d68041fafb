import { accounts } from './accounts.ts';
import { errors } from './errors.ts';
import { examples } from './examples.ts';
import type { Guide } from './guide.ts';
import { limits } from './limits.ts';
import { overview } from './overview.ts';
import { parallel } from './parallel.ts';

export type { Guide } from './guide.ts';

export const guides: readonly Guide[] = [overview, errors, examples, accounts, limits, parallel];

import { join } from 'node:path';
import { Catalog } from '../../catalog/index.ts';
import { type Clock, systemClock } from '../../support/clock.ts';
import type { JsonObject } from '../../support/json.ts';
import {
  type CallOutcome,
  CallPipeline,
  Exchanges,
  OperationPlans,
  type RunOptions,
  unrecorded,
} from '../index.ts';
import type { Transport } from '../transport.ts';
import { environmentAccounts } from './accounts.ts';

const catalog = Catalog.open(join(import.meta.dirname, '../../../dist/integrations'));
const never = new AbortController().signal;

/** A run of calls to WorkOS over a transport of the test's own. */
export interface TestRun {
  readonly pipeline: CallPipeline;
  call(
    name: string,
    args?: JsonObject,
    more?: { signal?: AbortSignal; timeoutMs?: number },
  ): Promise<CallOutcome>;
}

/** What the keys of a test's account are. */
export const testKey = 'sk_live_planted_secret_0123456789';

export function testRun(
  transport: Transport,
  run: Partial<RunOptions> & {
    readonly clock?: Clock;
    readonly exchanges?: Exchanges;
    readonly url?: string;
  } = {},
): TestRun {
  const { clock = systemClock, exchanges = testExchanges(clock), url, ...options } = run;
  const environment = {
    WORKOS_API_KEY: testKey,
    WORKOS_CLIENT_ID: 'client_1',
    ...(url === undefined ? {} : { WORKOS_BASE_URL: url }),
  };
  const pipeline = new CallPipeline(
    {
      catalog,
      accounts: environmentAccounts(catalog, environment),
      plans: new OperationPlans(),
      exchanges,
      transport: async () => transport,
      clock,
      userAgent: 'kosmo/test',
      keep: () => null,
      warn: () => undefined,
    },
    {
      account: 'default',
      force: true,
      readOnly: false,
      limits: { calls: 1_000, writes: 1_000 },
      timeoutMs: 120_000,
      deadline: Number.POSITIVE_INFINITY,
      journal: unrecorded,
      files: [],
      approve: null,
      rules: [],
      dryRun: null,
      ...options,
    },
  );
  return {
    pipeline,
    call: (name, args = {}, { signal = never, timeoutMs } = {}) =>
      pipeline.call(
        {
          integration: 'workos',
          account: null,
          function: name,
          args,
          ...(timeoutMs === undefined ? {} : { timeoutMs }),
        },
        signal,
      ),
  };
}

/** Keys are `key_1`, `key_2`, …; chance always says 0. */
export function testExchanges(clock: Clock): Exchanges {
  let keys = 0;
  const newKey = () => {
    keys += 1;
    return `key_${keys}`;
  };
  return new Exchanges({ clock, random: () => 0, newKey });
}

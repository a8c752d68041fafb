import type { Catalog, Integration } from '../catalog/index.ts';
import type { Effect } from '../manifest/index.ts';
import { localPolicy, type Policy, type Verdict } from '../policy/index.ts';
import { type Failure, failureOf } from '../support/errors.ts';
import { defaultAccountName, type Origin, type ValueSource } from './account.ts';
import { destinations } from './accounts.ts';
import type { KeyPlace } from './keys.ts';
import type { OpenAccounts } from './open.ts';
import type { AccountSettings } from './settings.ts';
import { isFault } from './settings.ts';
import { type Environment, variableOf, variableValue } from './variables.ts';

/** A field of an account, without what it holds when that is secret. */
export interface FieldState {
  readonly name: string;
  readonly secret: boolean;
  readonly required: boolean;
  /** Where its value comes from; null when it has none. */
  readonly origin: Origin | null;
  /** The environment variable that fills it, or would. */
  readonly variable: string;
  /** The command whose output it is. */
  readonly command: string | null;
  /** Of a field that is no secret. */
  readonly value: string | null;
}

export interface AccountState {
  readonly name: string;
  readonly local: boolean;
  readonly configured: boolean;
  readonly fields: readonly FieldState[];
  readonly policy: PolicyState;
  /** Environment variables that are set and do not count, because the account is configured otherwise. */
  readonly ignored_variables: readonly string[];
  /** Why the account cannot be used as it is configured. */
  readonly problem: Pick<Failure, 'code' | 'message' | 'hint'> | null;
}

export interface PolicyState extends Readonly<Record<Effect, Verdict>> {
  readonly force: boolean;
  readonly operations: Readonly<Record<string, Verdict>>;
}

export interface IntegrationState {
  readonly name: string;
  readonly title: string;
  readonly enabled: boolean;
  readonly accounts: readonly AccountState[];
}

export interface AccountsState {
  readonly home: string;
  /** Where the key of the credentials is; null while there are none. */
  readonly key: KeyPlace | null;
  readonly integrations: readonly IntegrationState[];
}

/** What is configured, for the integrations of these names, without opening any secret. */
export async function describeAccounts(
  state: OpenAccounts,
  catalog: Catalog,
  environment: Environment,
  names: readonly string[],
): Promise<AccountsState> {
  const integrations: IntegrationState[] = [];
  for (const name of names) {
    const integration = catalog.get(name);
    if (integration === undefined) continue;
    const settings = state.settings.readable.integrations.get(integration.name);
    const known = state.accounts.names(integration.name);
    const accounts = known.includes(defaultAccountName) ? known : [defaultAccountName, ...known];
    integrations.push({
      name: integration.name,
      title: integration.reader.index.title,
      enabled: settings === undefined || isFault(settings) || settings.enabled,
      accounts: await Promise.all(
        accounts.map((account) => describeAccount(state, integration, environment, account)),
      ),
    });
  }
  return { home: state.home.path, key: keyPlaceOf(state), integrations };
}

/** One account of an integration. */
export async function describeAccount(
  state: OpenAccounts,
  integration: Integration,
  environment: Environment,
  name: string,
): Promise<AccountState> {
  if (state.accounts.isLocal(integration.name, name)) {
    const policy = policyState(localPolicy);
    return { name, local: true, configured: true, fields: [], policy, ignored_variables: [], problem: null };
  }
  try {
    const { sources, policy, configured, settings } = await state.accounts.parts(integration, name);
    return {
      name,
      local: false,
      configured,
      fields: fieldStates(integration, name, sources, settings),
      policy: policyState(policy),
      ignored_variables: ignoredVariables(integration, environment, name, sources),
      problem: null,
    };
  } catch (error) {
    const { code, message, hint } = failureOf(error);
    // A policy that cannot be read allows nothing.
    const nothing = {
      effects: { read: 'deny', write: 'deny', destructive: 'deny' },
      rules: [],
      force: false,
    } as const;
    return {
      name,
      local: false,
      configured: false,
      fields: [],
      policy: policyState(nothing),
      ignored_variables: [],
      problem: { code, message, hint },
    };
  }
}

function fieldStates(
  integration: Integration,
  account: string,
  sources: ReadonlyMap<string, ValueSource>,
  settings: AccountSettings | null,
): FieldState[] {
  return integration.reader.index.fields.map((field) => {
    const source = sources.get(field.name);
    return {
      name: field.name,
      secret: field.secret,
      required: field.required,
      origin: source?.origin ?? (field.default === null ? null : 'default'),
      variable: variableOf(field, account),
      command: source?.origin === 'command' ? (settings?.commands.get(field.name) ?? null) : null,
      value: field.secret ? null : source !== undefined && 'value' in source ? source.value : field.default,
    };
  });
}

function ignoredVariables(
  integration: Integration,
  environment: Environment,
  account: string,
  sources: ReadonlyMap<string, ValueSource>,
): string[] {
  return integration.reader.index.fields
    .filter((field) => {
      const isSet = variableValue(environment, variableOf(field, account)) !== undefined;
      const { origin } = sources.get(field.name) ?? { origin: null };
      return isSet && origin !== 'environment' && (origin !== null || destinations.has(field.name));
    })
    .map((field) => variableOf(field, account));
}

function policyState({ effects, rules, force }: Policy): PolicyState {
  const operations = Object.fromEntries(rules.map(({ pattern, verdict }) => [pattern, verdict]));
  return { ...effects, force, operations };
}

function keyPlaceOf({ vault }: OpenAccounts): KeyPlace | null {
  try {
    return vault.keyNote?.place ?? null;
  } catch {
    return null;
  }
}

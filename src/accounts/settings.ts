import { type Policy, type Rule, remotePolicy, type Verdict } from '../policy/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';

/** The file of settings under a home: JSON that a person may read and edit, with nothing secret in it. */
export const settingsFile = 'settings.json';

/** Raised when the file's shape changes in a way that an older kosmo would misread. */
const settingsVersion = 1;

/** Something in the file that is not as it must be. */
export interface SettingsFault {
  /** Keys from the top: `['integrations', 'workos', 'enabled']`. */
  readonly path: readonly string[];
  /** What would be right there. */
  readonly expected: string;
}

export interface Settings {
  /** Whether `--force` counts at all. */
  readonly force: boolean;
  /** A part that is faulty is a fault of its own: the others hold. */
  readonly integrations: ReadonlyMap<string, IntegrationSettings | SettingsFault>;
}

export interface IntegrationSettings {
  readonly enabled: boolean;
  readonly accounts: ReadonlyMap<string, AccountSettings | SettingsFault>;
}

export interface AccountSettings {
  /** Field → value, for fields that are no secret. */
  readonly values: ReadonlyMap<string, string>;
  /** Field → the command whose output it is. */
  readonly commands: ReadonlyMap<string, string>;
  readonly policy: Policy;
}

export const noSettings: Settings = { force: true, integrations: new Map() };

export function isFault(value: object): value is SettingsFault {
  return 'expected' in value;
}

/** Reads settings out of JSON; a fault when nothing in it can be relied on. */
export function settingsOf(content: JsonValue): Settings | SettingsFault {
  if (!isJsonObject(content)) return fault([], 'an object');
  const { version = settingsVersion, force = true, integrations = {} } = content;
  if (version !== settingsVersion)
    return fault(['version'], `${settingsVersion}: a newer kosmo has written the file`);
  if (typeof force !== 'boolean') return fault(['force'], 'true or false');
  if (!isJsonObject(integrations)) return fault(['integrations'], 'an object');
  return {
    force,
    integrations: mapped(integrations, (name, entry) => integrationOf(entry, ['integrations', name])),
  };
}

function integrationOf(entry: JsonValue, path: readonly string[]): IntegrationSettings | SettingsFault {
  if (!isJsonObject(entry)) return fault(path, 'an object');
  const unknown = unknownKey(entry, ['enabled', 'accounts'], path);
  if (unknown !== null) return unknown;
  const { enabled = true, accounts = {} } = entry;
  if (typeof enabled !== 'boolean') return fault([...path, 'enabled'], 'true or false');
  if (!isJsonObject(accounts)) return fault([...path, 'accounts'], 'an object');
  return {
    enabled,
    accounts: mapped(accounts, (name, account) => accountOf(account, [...path, 'accounts', name])),
  };
}

function accountOf(entry: JsonValue, path: readonly string[]): AccountSettings | SettingsFault {
  if (!isJsonObject(entry)) return fault(path, 'an object');
  // A mistyped key is no detail: it may be the policy that somebody relies on.
  const unknown = unknownKey(entry, ['values', 'commands', 'policy'], path);
  if (unknown !== null) return unknown;
  const values = textsOf(entry['values'] ?? {}, [...path, 'values']);
  if (isFault(values)) return values;
  const commands = textsOf(entry['commands'] ?? {}, [...path, 'commands']);
  if (isFault(commands)) return commands;
  const policy = policyOf(entry['policy'] ?? {}, [...path, 'policy']);
  return isFault(policy) ? policy : { values, commands, policy };
}

function policyOf(entry: JsonValue, path: readonly string[]): Policy | SettingsFault {
  if (!isJsonObject(entry)) return fault(path, 'an object');
  const unknown = unknownKey(entry, ['read', 'write', 'destructive', 'force', 'operations'], path);
  if (unknown !== null) return unknown;
  const effects = { ...remotePolicy.effects };
  for (const effect of ['read', 'write', 'destructive'] as const) {
    const verdict = entry[effect];
    if (verdict === undefined) continue;
    if (!isVerdict(verdict)) return fault([...path, effect], 'allow, ask or deny');
    effects[effect] = verdict;
  }
  const { force = true, operations = {} } = entry;
  if (typeof force !== 'boolean') return fault([...path, 'force'], 'true or false');
  if (!isJsonObject(operations)) return fault([...path, 'operations'], 'an object');
  const rules: Rule[] = [];
  for (const [pattern, verdict] of Object.entries(operations)) {
    if (!isVerdict(verdict)) return fault([...path, 'operations', pattern], 'allow, ask or deny');
    rules.push({ pattern, verdict });
  }
  return { effects, rules, force };
}

function isVerdict(value: JsonValue): value is Verdict {
  return value === 'allow' || value === 'ask' || value === 'deny';
}

function textsOf(entry: JsonValue, path: readonly string[]): Map<string, string> | SettingsFault {
  if (!isJsonObject(entry)) return fault(path, 'an object');
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(entry)) {
    if (typeof value !== 'string' || value === '') return fault([...path, name], 'a string');
    texts.set(name, value);
  }
  return texts;
}

function mapped<T>(entries: JsonObject, read: (name: string, entry: JsonValue) => T): Map<string, T> {
  return new Map(Object.entries(entries).map(([name, entry]) => [name, read(name, entry)]));
}

function unknownKey(
  entry: JsonObject,
  known: readonly string[],
  path: readonly string[],
): SettingsFault | null {
  const key = Object.keys(entry).find((name) => !known.includes(name));
  return key === undefined ? null : fault([...path, key], `one of the keys ${known.join(', ')}`);
}

function fault(path: readonly string[], expected: string): SettingsFault {
  return { path, expected };
}

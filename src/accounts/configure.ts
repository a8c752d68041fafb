import type { Integration } from '../catalog/index.ts';
import type { JsonValue } from '../support/json.ts';
import { ownerOf, tokensOwnerOf } from './accounts.ts';
import type { AccountChange } from './change.ts';
import type { OpenAccounts } from './open.ts';
import { isFault, settingsFile, settingsOf } from './settings.ts';
import { setEntry } from './settings-text.ts';
import type { SecretChanges } from './vault.ts';

type State = Pick<OpenAccounts, 'home' | 'settings' | 'vault'>;

/**
 * Keeps changes to an account: secrets encrypted, the rest in the settings. Two processes that do so at once do it one
 * after the other; when anything fails, nothing that was there is lost.
 * @throws KosmoError `settings_invalid`, `credentials_locked`, `home_unusable`
 */
export async function changeAccount(
  state: State,
  integration: Integration,
  account: string,
  change: AccountChange,
): Promise<void> {
  await state.home.lock(async () => {
    // A file that is damaged is not built upon.
    await state.settings.read();
    const before = state.home.read(settingsFile) ?? '';
    const after = await checked(state, edited(before, integration, account, change), integration, account);
    await state.vault.change(
      ownerOf(integration.name, account),
      secretChanges(state, integration, account, change),
    );
    if (after !== before) state.home.write(settingsFile, after);
  });
}

/** Forgets an account, its policy and its credentials. Tells whether there was anything to forget. */
export async function removeAccount(
  state: State,
  integration: Integration,
  account: string,
): Promise<boolean> {
  return state.home.lock(async () => {
    await state.settings.read();
    const before = state.home.read(settingsFile) ?? '';
    const path = ['integrations', integration.name, 'accounts', account];
    const after = before === '' ? before : setEntry(before, path, undefined);
    if (after !== before) state.home.write(settingsFile, after);
    let found = after !== before;
    for (const owner of [ownerOf(integration.name, account), tokensOwnerOf(integration.name, account)]) {
      const names = state.vault.names(owner);
      found ||= names.length > 0;
      await state.vault.change(owner, new Map(names.map((name) => [name, null])));
    }
    return found;
  });
}

/** A change may mend an account that was damaged, but not leave it so. */
async function checked(
  state: State,
  text: string,
  integration: Integration,
  account: string,
): Promise<string> {
  if (text === '') return text;
  const settings = settingsOf(JSON.parse(text) as JsonValue);
  const entry = isFault(settings) ? settings : settings.integrations.get(integration.name);
  const own = entry === undefined || isFault(entry) ? entry : entry.accounts.get(account);
  if (own !== undefined && isFault(own)) throw await state.settings.error(own, text);
  return text;
}

function edited(before: string, integration: Integration, account: string, change: AccountChange): string {
  const top = ['integrations', integration.name];
  const own = [...top, 'accounts', account];
  let text = before;
  const set = (path: readonly string[], value: JsonValue | undefined) => {
    // To take out what is not there would be to make the places above it.
    if (value === undefined && !has(text, path)) return;
    text = setEntry(text, path, value);
  };
  if (change.enabled !== undefined) set([...top, 'enabled'], change.enabled);
  for (const [name, value] of change.values) {
    const secret = integration.reader.index.fields.some((field) => field.name === name && field.secret);
    const shown = value.kind === 'value' && !secret ? value.value : undefined;
    set([...own, 'values', name], shown);
    set([...own, 'commands', name], value.kind === 'command' ? value.command : undefined);
  }
  for (const [effect, verdict] of Object.entries(change.effects)) {
    set([...own, 'policy', effect], verdict ?? undefined);
  }
  for (const [pattern, verdict] of change.rules) {
    set([...own, 'policy', 'operations', pattern], verdict ?? undefined);
  }
  if (change.force !== undefined) set([...own, 'policy', 'force'], change.force ? undefined : false);
  return text;
}

function has(text: string, path: readonly string[]): boolean {
  let value: unknown = text === '' ? {} : JSON.parse(text);
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false;
    value = (value as Record<string, unknown>)[key];
  }
  return true;
}

function secretChanges(
  state: State,
  integration: Integration,
  account: string,
  change: AccountChange,
): SecretChanges {
  const there = new Set(state.vault.names(ownerOf(integration.name, account)));
  const changes = new Map<string, string | null>();
  for (const [name, value] of change.values) {
    const secret = integration.reader.index.fields.some((field) => field.name === name && field.secret);
    if (value.kind === 'value' && secret) changes.set(name, value.value);
    else if (there.has(name)) changes.set(name, null);
  }
  return changes;
}

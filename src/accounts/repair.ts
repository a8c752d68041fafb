import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';
import type { OpenAccounts } from './open.ts';
import { isFault, type SettingsFault, settingsFile, settingsOf } from './settings.ts';
import { salvage } from './settings-text.ts';
import { credentialsFile } from './vault.ts';

/** A file that was put aside, and what became of what it held. */
export interface Repair {
  readonly file: string;
  /** Where the damaged file is now, as it was. */
  readonly aside: string;
  /** One sentence for each thing that is not what it was. */
  readonly changed: readonly string[];
}

/** What stands for an account that could not be read: nobody knows what it denied. */
const closed: JsonObject = { policy: { read: 'deny', write: 'deny', destructive: 'deny' } };

/**
 * Puts damaged files of a home aside and keeps what can be read of the settings.
 * @throws KosmoError `home_unusable`
 */
export async function repair(
  { home, vault }: Pick<OpenAccounts, 'home' | 'vault'>,
  now: Date,
): Promise<Repair[]> {
  return home.lock(() => {
    const repairs: Repair[] = [];
    const text = home.read(settingsFile);
    const sound = text === null ? null : soundSettings(text);
    if (sound !== null && sound.changed.length > 0) {
      const aside = home.putAside(settingsFile, now);
      home.write(settingsFile, `${JSON.stringify(sound.value, null, 2)}\n`);
      repairs.push({ file: home.file(settingsFile), aside, changed: sound.changed });
    }
    try {
      vault.owners();
    } catch {
      repairs.push({
        file: home.file(credentialsFile),
        aside: home.putAside(credentialsFile, now),
        changed: ['No credential could be read; configure the accounts again.'],
      });
    }
    return repairs;
  });
}

/** Settings without what is wrong in them, and what that was; nothing changed means that nothing was wrong. */
function soundSettings(text: string): { readonly value: JsonValue; readonly changed: readonly string[] } {
  const parsed = parseJson(text);
  const value = parsed === undefined ? salvage(text) : parsed;
  const changed = parsed === undefined ? ['What stood after the place that is broken may be missing.'] : [];
  const settings = settingsOf(value);
  if (isFault(settings) || !isJsonObject(value)) {
    return { value: { version: 1 }, changed: [...changed, 'Nothing of the file could be kept.'] };
  }
  const kept = structuredClone(value);
  const shut = (fault: SettingsFault, path: readonly string[]) => {
    changed.push(
      `${fault.path.join('.')}: expected ${fault.expected}; ${path.join('.')} denies everything until it is configured.`,
    );
    put(kept, path, path.length === 2 ? { enabled: false } : { ...closed });
  };
  for (const [name, integration] of settings.integrations) {
    if (isFault(integration)) shut(integration, ['integrations', name]);
    else
      for (const [account, entry] of integration.accounts)
        if (isFault(entry)) shut(entry, ['integrations', name, 'accounts', account]);
  }
  return { value: kept, changed };
}

function put(tree: JsonObject, path: readonly string[], value: JsonValue): void {
  const [key = '', ...rest] = path;
  const below = tree[key];
  if (rest.length === 0) tree[key] = value;
  else if (isJsonObject(below)) put(below, rest, value);
}

import { KosmoError } from '../../support/errors.ts';
import type { Environment } from '../kit/environments.ts';
import type { PageHost } from '../pages/host.ts';
import {
  defaultSettings,
  type SignInSettings,
  saveSettings,
  settingsOf,
} from '../resources/sign-in-settings/sign-in-settings.ts';
import { parseDuration } from './duration.ts';

export { defaultSettings, type SignInSettings } from '../resources/sign-in-settings/sign-in-settings.ts';

type Name = keyof SignInSettings;
type Value = boolean | number | string | null;

export const settingNames = Object.keys(defaultSettings) as readonly Name[];
export const mfaChoices: readonly SignInSettings['mfa'][] = ['off', 'optional', 'required'];

/** In seconds: no session is shorter, and none is of use to a test that lasts longer. */
const shortest = 1;
const longest = 10 * 365 * 24 * 60 * 60;

export function readSettings(host: PageHost, environment: Environment): SignInSettings {
  return settingsOf(host.database, environment.id);
}

/**
 * Changes settings of an environment, all of those given or none; they count from the next request on.
 *
 * @param given by name: switches as true and false or `on` and `off`, lengths in seconds or as durations (`12h`)
 * @throws KosmoError `usage` for a name or a value that is none
 */
export function changeSettings(
  host: PageHost,
  environment: Environment,
  given: Readonly<Record<string, Value>>,
): SignInSettings {
  return host.database.write(() => {
    const before = settingsOf(host.database, environment.id);
    const changes = Object.entries(given).map(([name, value]) => {
      const known = settingNames.find((each) => each === name.replaceAll('-', '_'));
      if (known === undefined) {
        throw new KosmoError('usage', `There is no setting ${name}: ${settingNames.join(', ')}.`);
      }
      return [known, settingFrom(known, value)] as const;
    });
    // Each value has been read as its setting takes it.
    const after: SignInSettings = { ...before, ...Object.fromEntries(changes) };
    saveSettings(host.database, environment.id, after);
    return after;
  });
}

/** Makes the settings those of a new environment. */
export function resetSettings(host: PageHost, environment: Environment): SignInSettings {
  host.database.run('DELETE FROM sign_in_settings WHERE environment_id = ?', [environment.id]);
  return defaultSettings;
}

function settingFrom(name: Name, value: Value): SignInSettings[Name] {
  if (name === 'mfa') {
    const choice = mfaChoices.find((each) => each === value);
    if (choice !== undefined) return choice;
    throw new KosmoError('usage', `mfa is one of ${mfaChoices.join(', ')}.`);
  }
  if (name === 'inactivity_timeout' && (value === null || value === 'off')) return null;
  if (name === 'session_length' || name === 'access_token_length' || name === 'inactivity_timeout') {
    const seconds = typeof value === 'string' ? secondsOf(value) : value;
    if (
      typeof seconds === 'number' &&
      Number.isInteger(seconds) &&
      seconds >= shortest &&
      seconds <= longest
    ) {
      return seconds;
    }
    throw new KosmoError('usage', `${name} is a duration, as 12h or 5m, or a number of seconds.`);
  }
  if (value === true || value === 'on' || value === 'true') return true;
  if (value === false || value === 'off' || value === 'false') return false;
  throw new KosmoError('usage', `${name} is on or off.`);
}

function secondsOf(text: string): number | null {
  if (/^\d+$/.test(text)) return Number(text);
  const milliseconds = parseDuration(text);
  return milliseconds === null ? null : milliseconds / 1000;
}

import type { Home } from '../home/index.ts';
import { KosmoError } from '../support/errors.ts';
import { parseJson } from '../support/parse-json.ts';
import {
  isFault,
  noSettings,
  type Settings,
  type SettingsFault,
  settingsFile,
  settingsOf,
} from './settings.ts';

/** Reads a home's settings, anew whenever the file was changed. */
export class SettingsReader {
  readonly #home: Home;
  #read: { readonly stamp: string | null; readonly settings: Settings | SettingsFault | null } | null = null;

  constructor(home: Home) {
    this.#home = home;
  }

  get path(): string {
    return this.#home.file(settingsFile);
  }

  /** What changes when the file is written anew. */
  get stamp(): string | null {
    return this.#home.stamp(settingsFile);
  }

  /** The settings, or none where they cannot be relied on: for what only lists names. */
  get readable(): Settings {
    try {
      const settings = this.#load();
      return settings === null || isFault(settings) ? noSettings : settings;
    } catch {
      return noSettings;
    }
  }

  /** @throws KosmoError `settings_invalid` with the place in the file, `home_unusable` */
  async read(): Promise<Settings> {
    const settings = this.#load();
    if (settings !== null && !isFault(settings)) return settings;
    throw await this.error(settings);
  }

  /** The error for a fault in the file; null stands for text that is not JSON. */
  async error(fault: SettingsFault | null, text = this.#home.read(settingsFile) ?? ''): Promise<KosmoError> {
    const { brokenAt, describeFault } = await import('./settings-text.ts');
    const path = this.#home.file(settingsFile);
    const what = fault === null ? (brokenAt(text) ?? '1:1: this is not JSON') : describeFault(text, fault);
    return new KosmoError('settings_invalid', `${path}:${what}.`, {
      hint: 'Mend it there. kosmo integrations:doctor --repair puts the file aside and keeps what can be read.',
      details: { path },
    });
  }

  #load(): Settings | SettingsFault | null {
    const { stamp } = this;
    if (this.#read === null || this.#read.stamp !== stamp) {
      const text = this.#home.read(settingsFile);
      const value = text === null ? {} : parseJson(text);
      this.#read = { stamp, settings: value === undefined ? null : settingsOf(value) };
    }
    return this.#read.settings;
  }
}

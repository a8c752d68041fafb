const service = 'kosmo';

/** How long the system may take, asking its person to unlock the keyring included, in milliseconds. */
const patience = 60_000;

/** The operating system's keyring: macOS's Keychain, Windows' Credential Manager, the Secret Service on Linux. */
export interface Keyring {
  /** Null when it has nothing of that name. */
  get(name: string): Promise<string | null>;
  set(name: string, secret: string): Promise<void>;
}

/**
 * The keyring of this machine; null where there is none, or `KOSMO_KEYRING=off`. On Linux only the Secret Service
 * counts: what the kernel's own keyring holds is gone when the machine starts anew.
 */
export async function systemKeyring(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Keyring | null> {
  if (environment['KOSMO_KEYRING'] === 'off') return null;
  // Without a session bus there is no Secret Service to look for, and nothing to load.
  if (process.platform === 'linux' && !environment['DBUS_SESSION_BUS_ADDRESS']) return null;
  try {
    const { AsyncEntry } = await import('@napi-rs/keyring');
    const entry = (name: string) => new AsyncEntry(service, name, { linux: { store: 'secret-service' } });
    const keyring: Keyring = {
      get: async (name) => (await entry(name).getPassword(AbortSignal.timeout(patience))) ?? null,
      set: (name, secret) => entry(name).setPassword(secret, AbortSignal.timeout(patience)),
    };
    // Asking is the only way to learn whether it answers.
    await keyring.get('probe');
    return keyring;
  } catch {
    return null;
  }
}

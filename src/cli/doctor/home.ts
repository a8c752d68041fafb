import { accessSync, constants, statSync } from 'node:fs';
import type { OpenAccounts } from '../../accounts/index.ts';
import { failureOf, systemErrorCode } from '../../support/errors.ts';
import { type Check, checksOf } from './check.ts';

const { ok, warning, failed } = checksOf(null, null);

/** Whether a home's folder and files are as they should be, and whether the key opens the credentials. */
export async function checkHome(state: OpenAccounts): Promise<Check[]> {
  return [
    checkFolder(state),
    ...checkModes(state),
    await checkSettings(state),
    await checkCredentials(state),
  ];
}

function checkFolder({ home }: OpenAccounts): Check {
  try {
    accessSync(home.path, constants.R_OK | constants.W_OK | constants.X_OK);
    return ok('home', home.path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT')
      return ok('home', `${home.path} is made when something is kept.`);
    return failed(
      'home',
      `${home.path} cannot be read and written.`,
      `chmod u+rwx ${home.path}, or point KOSMO_HOME at another folder`,
    );
  }
}

/** Who else may read what is kept. Windows has other means than modes. */
function checkModes({ home }: OpenAccounts): Check[] {
  if (process.platform === 'win32') return [];
  const open: string[] = [];
  for (const path of [
    home.path,
    ...['key', 'credentials.json', 'settings.json'].map((name) => home.file(name)),
  ]) {
    try {
      if ((statSync(path).mode & 0o077) !== 0) open.push(path);
    } catch {
      // What is not there is open to nobody.
    }
  }
  if (open.length === 0) return [ok('permissions', 'Only you can read what is kept.')];
  return [warning('permissions', `Others can read ${open.join(', ')}.`, `chmod go= ${open.join(' ')}`)];
}

async function checkSettings({ settings }: OpenAccounts): Promise<Check> {
  try {
    await settings.read();
    return ok('settings', settings.stamp === null ? 'There are none.' : settings.path);
  } catch (error) {
    const { message, hint } = failureOf(error);
    return failed('settings', message, hint);
  }
}

async function checkCredentials({ vault }: OpenAccounts): Promise<Check> {
  const places = { environment: 'KOSMO_KEY', keyring: 'the system’s keyring', file: 'a key file' } as const;
  try {
    const owners = vault.owners();
    for (const owner of owners) for (const name of vault.names(owner)) await vault.open(owner, name);
    if (vault.keyNote === null) return ok('credentials', 'None are kept.');
    return ok('credentials', `All can be opened, with the key in ${places[vault.keyNote.place]}.`);
  } catch (error) {
    const { message, hint } = failureOf(error);
    return failed('credentials', message, hint);
  }
}

import { newKey, parseKey, type Vault } from '../accounts/index.ts';
import type { Home } from '../home/index.ts';

const owner = 'approvals';
const name = 'key';

/**
 * The key that approvals are sealed with: a secret like those of accounts, so that it is kept where they are.
 * @throws KosmoError `credentials_locked`, `home_unusable`
 */
export async function approvalsKey(home: Home, vault: Vault): Promise<Buffer> {
  const there = await existing(vault);
  if (there !== null) return there;
  return home.lock(async () => {
    // Another process may have been faster.
    const meanwhile = await existing(vault);
    if (meanwhile !== null) return meanwhile;
    const key = newKey();
    await vault.change(owner, new Map([[name, key.toString('base64')]]));
    return key;
  });
}

async function existing(vault: Vault): Promise<Buffer | null> {
  const text = await vault.open(owner, name);
  return text === null ? null : parseKey(text);
}

export { Account, type AccountSource, defaultAccountName, type Origin, type ValueSource } from './account.ts';
export { Accounts, configureCommand, forbidsForce, type LocalAccount } from './accounts.ts';
export { type OpenAccounts, openAccounts } from './open.ts';
export { newKey, parseKey, seal, unseal } from './seal.ts';
export type { TokenTransport } from './token-server.ts';
export type { Environment } from './variables.ts';
export type { Vault } from './vault.ts';

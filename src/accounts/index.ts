export { Account, type AccountSource, defaultAccountName } from './account.ts';
export { EnvironmentAccounts, type LocalAccount } from './environment.ts';

/** What changing and showing accounts takes, apart from what every run needs. */
export { checkAccountName } from './account-name.ts';
export { type AccountChange, checkPattern, checkValue, fieldOf, type NewValue } from './change.ts';
export { changeAccount, removeAccount } from './configure.ts';
export { type AccountState, describeAccount, describeAccounts, type FieldState } from './describe.ts';
export { type Repair, repair } from './repair.ts';

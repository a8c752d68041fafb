import type { AccountField } from '../manifest/index.ts';
import { defaultAccountName } from './account.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable that fills a field: `WORKOS_API_KEY`, and `WORKOS_API_KEY__WORK` for the account `work`. */
export function variableOf(field: AccountField, account: string): string {
  return account === defaultAccountName ? field.env : `${field.env}__${account.toUpperCase()}`;
}

/** What the variable says. An empty variable is how shells and CI systems say that there is none. */
export function variableValue(environment: Environment, variable: string): string | undefined {
  return environment[variable] || undefined;
}

/** The accounts that variables speak of. */
export function accountsInVariables(environment: Environment, fields: readonly AccountField[]): Set<string> {
  const names = new Set<string>();
  for (const variable of Object.keys(environment)) {
    if (variableValue(environment, variable) === undefined) continue;
    const field = fields.find(({ env }) => variable === env || variable.startsWith(`${env}__`));
    if (field === undefined) continue;
    if (variable === field.env) names.add(defaultAccountName);
    else if (variable.length > field.env.length + 2)
      names.add(variable.slice(field.env.length + 2).toLowerCase());
  }
  return names;
}

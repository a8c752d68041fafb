import { type Catalog, didYouMean, type Integration, nearestNames } from '../catalog/index.ts';
import type { AccountField } from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';
import { Account, type AccountSource, defaultAccountName } from './account.ts';

/** An account that is always there and talks to a server in this process. */
export interface LocalAccount {
  readonly integration: string;
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Accounts from environment variables: `WORKOS_API_KEY` is the `api_key` of the default account,
 * `WORKOS_API_KEY__WORK` that of the account `work`. The local accounts come with them.
 */
export class EnvironmentAccounts implements AccountSource {
  readonly #catalog: Catalog;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #locals: readonly LocalAccount[];
  readonly #known = new Map<string, Account>();

  constructor(
    catalog: Catalog,
    environment: Readonly<Record<string, string | undefined>>,
    locals: readonly LocalAccount[],
  ) {
    this.#catalog = catalog;
    this.#environment = environment;
    this.#locals = locals;
  }

  names(integrationName: string): readonly string[] {
    const integration = this.#catalog.get(integrationName);
    if (integration === undefined) return [];
    const { fields } = integration.reader.index;
    const names = new Set<string>();
    if (isConfigured(fields, this.#valuesOf(fields, defaultAccountName))) names.add(defaultAccountName);
    for (const variable of Object.keys(this.#environment)) {
      const field = fields.find(({ env }) => variable.startsWith(`${env}__`));
      const name = field === undefined ? '' : variable.slice(field.env.length + 2).toLowerCase();
      if (name !== '' && isConfigured(fields, this.#valuesOf(fields, name))) names.add(name);
    }
    for (const local of this.#locals) if (local.integration === integration.name) names.add(local.name);
    return [...names];
  }

  get(integrationName: string, name: string): Account | Failure {
    const integration = this.#catalog.get(integrationName);
    if (integration === undefined) {
      return failure('unknown_integration', `No integration is called ${integrationName}.`);
    }
    const key = `${integration.name} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const account = this.#make(integration, name);
    if (account instanceof Account) this.#known.set(key, account);
    return account;
  }

  #make(integration: Integration, name: string): Account | Failure {
    const { fields } = integration.reader.index;
    const secrets = fields.filter(({ secret }) => secret).map((field) => field.name);
    const local = this.#locals.find((entry) => entry.integration === integration.name && entry.name === name);
    if (local !== undefined) {
      // The local server's key is printed in its documentation: there is nothing to hide.
      return new Account(integration.name, name, new Map(Object.entries(local.values)), [], true);
    }
    const values = this.#valuesOf(fields, name);
    if (isConfigured(fields, values)) return new Account(integration.name, name, values, secrets, false);
    const names = this.names(integration.name);
    const missing = fields.filter((field) => field.required && !values.has(field.name));
    const variables = missing.map(({ env }) => variableOf(env, name));
    if (name !== defaultAccountName) {
      const suggestion = didYouMean(nearestNames(name, names));
      const have = names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}.`;
      return failure('unknown_account', `${integration.name} has no account ${name}.${suggestion} ${have}`, {
        hint: `To add it, set ${variables.join(' and ')}.`,
        details: { integration: integration.name, account: name, accounts: names, variables },
      });
    }
    return this.#notConfigured(integration, variables);
  }

  #notConfigured(integration: Integration, variables: readonly string[]): Failure {
    const commands = [`export ${variables.map((variable) => `${variable}=…`).join(' ')}`];
    const local = this.#locals.find((entry) => entry.integration === integration.name);
    if (local !== undefined) commands.push('kosmo integrations:lua … --local');
    const alternative = local === undefined ? '' : ', or add --local to use the local server instead';
    return failure(
      'not_configured',
      `${integration.name} is not configured: no ${variables.join(', no ')}.`,
      {
        hint: `Set ${variables.join(' and ')}${alternative}.`,
        details: { integration: integration.name, account: defaultAccountName, variables, commands },
      },
    );
  }

  #valuesOf(fields: readonly AccountField[], name: string): Map<string, string> {
    const values = new Map<string, string>();
    for (const field of fields) {
      const value = this.#environment[variableOf(field.env, name)];
      // An empty variable is how shells and CI systems say that there is none.
      if (value !== undefined && value !== '') values.set(field.name, value);
    }
    return values;
  }
}

function variableOf(env: string, name: string): string {
  return name === defaultAccountName ? env : `${env}__${name.toUpperCase()}`;
}

function isConfigured(fields: readonly AccountField[], values: ReadonlyMap<string, string>): boolean {
  const required = fields.filter((field) => field.required);
  return required.length > 0 && required.every((field) => values.has(field.name));
}

import { type Catalog, didYouMean, type Integration, nearestNames } from '../catalog/index.ts';
import type { Home } from '../home/index.ts';
import type { AccountField } from '../manifest/index.ts';
import { type Policy, remotePolicy } from '../policy/index.ts';
import { type Failure, failure, KosmoError } from '../support/errors.ts';
import { Account, type AccountSource, defaultAccountName, type ValueSource } from './account.ts';
import { type AccountSettings, isFault, type Settings, type SettingsFault } from './settings.ts';
import type { SettingsReader } from './settings-reader.ts';
import { type Grant, TokenServer, type TokenTransport } from './token-server.ts';
import { accountsInVariables, type Environment, variableOf, variableValue } from './variables.ts';
import type { Vault } from './vault.ts';

/** An account that is always there and talks to a server in this process. */
export interface LocalAccount {
  readonly integration: string;
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface AccountsParts {
  readonly catalog: Catalog;
  readonly environment: Environment;
  readonly locals: readonly LocalAccount[];
  readonly home: Home;
  readonly settings: SettingsReader;
  readonly vault: Vault;
  readonly tokens: TokenTransport;
}

/** An account as it was last made, and when its files were last looked at. */
interface Known {
  readonly account: Account;
  readonly stamp: string;
  checked: number;
}

/** How long files are taken to be as they were, in milliseconds: calls in quick succession need not look each time. */
const freshness = 100;

/** Fields that say where requests go. */
export const destinations: ReadonlySet<string> = new Set(['url', 'token_url']);

/** The vault's name for an account's secrets, and for the tokens it was given. */
export function ownerOf(integration: string, account: string): string {
  return `integrations/${integration}/${account}`;
}
export function tokensOwnerOf(integration: string, account: string): string {
  return `tokens/${integration}/${account}`;
}

/**
 * Every account there is: configured ones, those that environment variables make, and the local ones. A field has the
 * value that was configured for it, else the environment's, else its default. One exception: an account that holds a
 * configured credential takes no URL from the environment, so that a credential goes only where it was meant to go.
 */
export class Accounts implements AccountSource {
  readonly #parts: AccountsParts;
  readonly #outputs = new Map<string, Promise<string>>();
  readonly #known = new Map<string, Known>();

  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  names(integrationName: string): readonly string[] {
    const { catalog, environment, settings } = this.#parts;
    const integration = catalog.get(integrationName);
    if (integration === undefined) return [];
    const names = accountsInVariables(environment, integration.reader.index.fields);
    const configured = integrationSettings(settings.readable, integration.name);
    if (configured !== null) for (const name of configured.accounts.keys()) names.add(name);
    for (const name of this.#sealedAccounts(integration.name)) names.add(name);
    const remote = [...names].filter((name) => this.#isThere(integration, name)).sort(defaultFirst);
    return [...remote, ...this.localNames(integration.name)];
  }

  async get(integrationName: string, name: string): Promise<Account | Failure> {
    const { catalog, locals, settings, vault } = this.#parts;
    const integration = catalog.get(integrationName);
    if (integration === undefined) {
      return failure('unknown_integration', `No integration is called ${integrationName}.`);
    }
    const local = locals.find((entry) => entry.integration === integration.name && entry.name === name);
    const key = `${integration.name} ${name}`;
    const known = this.#known.get(key);
    const now = performance.now();
    if (known !== undefined && now - known.checked < freshness) return known.account;
    const stamp = local === undefined ? `${settings.stamp} ${vault.stamp}` : '';
    if (known !== undefined && known.stamp === stamp) {
      known.checked = now;
      return known.account;
    }
    try {
      const account =
        local === undefined
          ? await this.#remote(integration, name)
          : Account.localOf(integration.name, name, local.values);
      if (account instanceof Account) this.#known.set(key, { account, stamp, checked: now });
      return account;
    } catch (error) {
      if (error instanceof KosmoError) return error.failure;
      throw error;
    }
  }

  /** Whether the account is a server's in this process. */
  isLocal(integration: string, name: string): boolean {
    return this.#parts.locals.some((entry) => entry.integration === integration && entry.name === name);
  }

  /** The names of an integration's accounts that are always there. */
  localNames(integration: string): string[] {
    return this.#parts.locals.filter((entry) => entry.integration === integration).map(({ name }) => name);
  }

  /**
   * What an account is made of, without opening any of it.
   * @throws KosmoError `settings_invalid`, `home_unusable`
   */
  async parts(
    integration: Integration,
    name: string,
  ): Promise<{
    readonly sources: ReadonlyMap<string, ValueSource>;
    readonly policy: Policy;
    /** Whether the account can be used. */
    readonly configured: boolean;
    /** Whether it is more than what environment variables say. */
    readonly settings: AccountSettings | null;
  }> {
    const settings = await this.#parts.settings.read();
    const own = await this.#sound(integration, name, settings);
    const sources = this.#sources(integration, name, own, () => null);
    const policy = own?.policy ?? remotePolicy;
    return {
      sources,
      policy: this.#forceful(settings) ? policy : { ...policy, force: false },
      configured: isConfigured(integration.reader.index.fields, sources, name),
      settings: own,
    };
  }

  async #remote(integration: Integration, name: string): Promise<Account | Failure> {
    const settings = await this.#parts.settings.read();
    const entry = settings.integrations.get(integration.name);
    if (entry !== undefined && isFault(entry)) throw await this.#parts.settings.error(entry);
    if (entry?.enabled === false) return disabled(integration.name);
    const own = await this.#sound(integration, name, settings);
    let made: Account | null = null;
    const sources = this.#sources(integration, name, own, () => made);
    if (!isConfigured(integration.reader.index.fields, sources, name))
      return this.#missing(integration, name);
    const policy = own?.policy ?? remotePolicy;
    made = new Account(
      integration.name,
      name,
      { local: false, policy: this.#forceful(settings) ? policy : { ...policy, force: false } },
      sources,
    );
    return made;
  }

  /** Whether `--force` may count: `KOSMO_NO_FORCE` and the settings can both say no. */
  #forceful(settings: Settings): boolean {
    return settings.force && !forbidsForce(this.#parts.environment);
  }

  #isThere(integration: Integration, name: string): boolean {
    const own = integrationSettings(this.#parts.settings.readable, integration.name)?.accounts.get(name);
    // What is wrong with it is said when it is used.
    if (own !== undefined && isFault(own)) return true;
    try {
      const sources = this.#sources(integration, name, own ?? null, () => null);
      return isConfigured(integration.reader.index.fields, sources, name);
    } catch {
      return true;
    }
  }

  #sealedAccounts(integration: string): string[] {
    const prefix = ownerOf(integration, '');
    try {
      return this.#parts.vault
        .owners()
        .filter((owner) => owner.startsWith(prefix))
        .map((owner) => owner.slice(prefix.length));
    } catch {
      return [];
    }
  }

  /** @throws KosmoError `settings_invalid` when what is configured for the account cannot be relied on */
  async #sound(integration: Integration, name: string, settings: Settings): Promise<AccountSettings | null> {
    const entry = settings.integrations.get(integration.name);
    const own: AccountSettings | SettingsFault | undefined =
      entry === undefined || isFault(entry) ? entry : entry.accounts.get(name);
    if (own !== undefined && isFault(own)) throw await this.#parts.settings.error(own);
    return own ?? null;
  }

  #sources(
    integration: Integration,
    name: string,
    configured: AccountSettings | null,
    account: () => Account | null,
  ): Map<string, ValueSource> {
    const { environment, vault } = this.#parts;
    const owner = ownerOf(integration.name, name);
    const sealed = new Set(vault.names(owner));
    const holdsCredential = sealed.size > 0 || (configured?.commands.size ?? 0) > 0;
    const sources = new Map<string, ValueSource>();
    for (const field of integration.reader.index.fields) {
      const source =
        this.#configuredSource(field, owner, name, sealed, configured) ??
        (holdsCredential && destinations.has(field.name) ? null : variableSource(field, environment, name)) ??
        defaultSource(field);
      if (source !== null) sources.set(field.name, source);
    }
    const tokens = this.#tokenSource(integration, name, sources, account);
    if (tokens !== null) sources.set('access_token', tokens);
    return sources;
  }

  #configuredSource(
    field: AccountField,
    owner: string,
    account: string,
    sealed: ReadonlySet<string>,
    configured: AccountSettings | null,
  ): ValueSource | null {
    const { secret } = field;
    if (sealed.has(field.name)) {
      const load = async () => (await this.#parts.vault.open(owner, field.name)) ?? '';
      return { origin: 'credentials', secret, lasting: true, load };
    }
    const command = configured?.commands.get(field.name);
    if (command !== undefined) {
      const load = () => this.#output(command, { account, field: field.name });
      return { origin: 'command', secret: true, lasting: true, load };
    }
    const value = configured?.values.get(field.name);
    return value === undefined ? null : { origin: 'settings', secret, value };
  }

  /** A command runs once, however many fields and accounts it is for. */
  #output(command: string, whose: { readonly account: string; readonly field: string }): Promise<string> {
    let output = this.#outputs.get(command);
    if (output === undefined) {
      output = import('./command-output.ts').then(({ commandOutput }) =>
        commandOutput(command, whose, this.#parts.environment),
      );
      this.#outputs.set(command, output);
    }
    return output;
  }

  /** An account with a token server gets its access token there; the fields that say so are the integration's. */
  #tokenSource(
    integration: Integration,
    name: string,
    sources: ReadonlyMap<string, ValueSource>,
    made: () => Account | null,
  ): ValueSource | null {
    const canSignIn = sources.has('refresh_token') || sources.has('client_secret');
    if (!sources.has('token_url') || !sources.has('client_id') || !canSignIn) return null;
    const { home, vault, tokens } = this.#parts;
    const owner = tokensOwnerOf(integration.name, name);
    const configure = configureCommand(integration.name, name);
    const server = new TokenServer(home, vault, owner, { account: name, configure }, tokens);
    const load = async (refused?: string) => {
      const account = made();
      if (account === null) throw new KosmoError('internal', 'The account is not made yet.');
      return server.accessToken(await grantOf(account), refused);
    };
    return { origin: 'token_server', secret: true, lasting: false, load };
  }

  #missing(integration: Integration, name: string): Failure {
    const { fields } = integration.reader.index;
    const wanted = fields.filter(({ required }) => required);
    const variables = wanted.map((field) => variableOf(field, name));
    const sets = wanted.map((field) => ` --set ${field.name}=…`).join('');
    const configure = `${configureCommand(integration.name, name)}${sets}`;
    const details = { integration: integration.name, account: name, variables };
    if (name !== defaultAccountName) {
      const names = this.names(integration.name);
      const suggestion = didYouMean(nearestNames(name, names));
      const have = names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}.`;
      return failure('unknown_account', `${integration.name} has no account ${name}.${suggestion} ${have}`, {
        hint: `To add it, run ${configure}, or set ${variables.join(' and ')}.`,
        details: { ...details, accounts: names, commands: [configure] },
      });
    }
    const local = this.#parts.locals.find((entry) => entry.integration === integration.name);
    const alternative = local === undefined ? '' : ', or add --local to use the local server instead';
    const commands = [configure, ...(local === undefined ? [] : ['kosmo integrations:lua … --local'])];
    return failure(
      'not_configured',
      `${integration.name} is not configured: it has no ${wanted.map(({ name: field }) => field).join(', no ')}.`,
      {
        hint: `Run ${configure} (or set ${variables.join(' and ')})${alternative}.`,
        details: { ...details, commands },
      },
    );
  }
}

/** Whether `KOSMO_NO_FORCE` is set to anything but nothing and 0. */
export function forbidsForce(environment: Environment): boolean {
  return !['', '0', undefined].includes(environment['KOSMO_NO_FORCE']);
}

/** The command that changes an account, without what it changes. */
export function configureCommand(integration: string, account: string): string {
  // An MCP server has no accounts: what its tools may do stands with it.
  if (integration.startsWith('mcp.')) return `kosmo mcp:trust ${integration.slice('mcp.'.length)}`;
  const option = account === defaultAccountName ? '' : ` --account ${account}`;
  return `kosmo integrations:configure ${integration}${option}`;
}

function integrationSettings(settings: Settings, name: string) {
  const own = settings.integrations.get(name);
  return own === undefined || isFault(own) ? null : own;
}

function disabled(integration: string): Failure {
  const command = `kosmo integrations:configure ${integration} --enable`;
  return failure('disabled', `The integration ${integration} is disabled.`, {
    hint: `${command} enables it.`,
    details: { integration, commands: [command] },
  });
}

function variableSource(field: AccountField, environment: Environment, account: string): ValueSource | null {
  const value = variableValue(environment, variableOf(field, account));
  return value === undefined ? null : { origin: 'environment', secret: field.secret, value };
}

/** The API's own URL is not the account's to know: an operation may have another. */
function defaultSource(field: AccountField): ValueSource | null {
  if (field.default === null || field.name === 'url') return null;
  return { origin: 'default', secret: false, value: field.default };
}

/** An account is there when it holds anything of its own, or when nothing need be held. */
function isConfigured(
  fields: readonly AccountField[],
  sources: ReadonlyMap<string, ValueSource>,
  account: string,
): boolean {
  const own = [...sources].filter(([, { origin }]) => origin !== 'default' && origin !== 'token_server');
  if (own.some(([field]) => !destinations.has(field))) return true;
  return !fields.some(({ required }) => required) && (account === defaultAccountName || own.length > 0);
}

async function grantOf(account: Account): Promise<Grant> {
  const failed = await account.open(['token_url', 'client_id', 'client_secret', 'refresh_token', 'scope']);
  if (failed !== null) throw new KosmoError(failed.code, failed.message, failed);
  return {
    tokenUrl: account.value('token_url') ?? '',
    clientId: account.value('client_id') ?? '',
    clientSecret: account.value('client_secret'),
    refreshToken: account.value('refresh_token'),
    scope: account.value('scope'),
  };
}

function defaultFirst(a: string, b: string): number {
  if (a === defaultAccountName || b === defaultAccountName)
    return a === b ? 0 : a === defaultAccountName ? -1 : 1;
  return a < b ? -1 : 1;
}

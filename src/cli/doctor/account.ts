import { type Account, configureCommand } from '../../accounts/index.ts';
import { credentialFields, wayOf } from '../../call/index.ts';
import type { Integration } from '../../catalog/index.ts';
import type { Operation } from '../../manifest/index.ts';
import type { Runtime } from '../../runtime/index.ts';
import { type Check, checksOf } from './check.ts';

/** How far clocks may be apart, in seconds, before tokens and signatures suffer. */
const clockTolerance = 60;

/** Tries an account: its credentials, its API, and whether the API takes them. It reads, and changes nothing. */
export async function checkAccount(
  runtime: Runtime,
  integration: Integration,
  name: string,
): Promise<Check[]> {
  const checks = checksOf(integration.name, name);
  const configure = configureCommand(integration.name, name);
  const account = await runtime.state.accounts.get(integration.name, name);
  if ('code' in account) return [checks.failed('account', account.message, account.hint)];
  const fields = integration.reader.index.fields
    .map((field) => field.name)
    .filter((field) => account.has(field));
  const locked = await account.open(fields);
  if (locked !== null) return [checks.failed('credentials', locked.message, locked.hint)];
  const held = fields.filter((field) => account.has(field)).join(', ');
  const missing = integration.reader.index.fields.filter(
    ({ required, name: field }) => required && !account.has(field),
  );
  const present =
    missing.length === 0
      ? checks.ok('credentials', held === '' ? 'None are needed.' : `It has ${held}.`)
      : checks.warning(
          'credentials',
          `It has no ${missing.map((field) => field.name).join(', no ')}.`,
          `${configure}${missing.map((field) => ` --set ${field.name}=…`).join('')}`,
        );
  const { effects, rules } = account.policy;
  const words = `read ${effects.read}, write ${effects.write}, destructive ${effects.destructive}`;
  const own = rules.map(({ pattern, verdict }) => `, ${verdict} ${pattern}`).join('');
  const policy = checks.ok('policy', `${words}${own}`);
  if (account.local) return [present, policy];
  return [present, policy, ...(await checkServer(runtime, integration, account, configure))];
}

async function checkServer(
  runtime: Runtime,
  integration: Integration,
  account: Account,
  configure: string,
): Promise<Check[]> {
  const checks = checksOf(integration.name, account.name);
  const url = account.value('url') ?? integration.reader.index.baseUrl;
  if (!URL.canParse(url)) {
    return [checks.failed('reachable', `Its URL is none: ${url}`, `${configure} --set url=https://…`)];
  }
  const { status, reason, clockAhead } = await runtime.reach(url);
  if (status === null) {
    return [
      checks.failed(
        'reachable',
        `${url} does not answer: ${reason}.`,
        `Check the network, or ${configure} --set url=…`,
      ),
      checks.skipped('key', 'Not tried: the API does not answer.'),
    ];
  }
  return [
    isOpenToListeners(url)
      ? checks.warning(
          'reachable',
          `${url} answers, but credentials travel there unencrypted.`,
          `${configure} --set url=https://…`,
        )
      : checks.ok('reachable', `${url} answers.`),
    clockAhead !== null && Math.abs(clockAhead) > clockTolerance
      ? checks.warning(
          'clock',
          `This machine’s clock is ${Math.abs(clockAhead)} s ${clockAhead > 0 ? 'behind' : 'ahead of'} the server’s.`,
          'Set the clock, for example by turning on NTP.',
        )
      : checks.ok('clock', clockAhead === null ? 'The server does not tell the time.' : 'The clocks agree.'),
    await checkKey(runtime, integration, account, configure),
  ];
}

/** Whether requests cross a network in the clear. */
function isOpenToListeners(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(localhost|127\.|\[::1\])/.test(hostname);
}

async function checkKey(
  runtime: Runtime,
  integration: Integration,
  account: Account,
  configure: string,
): Promise<Check> {
  const checks = checksOf(integration.name, account.name);
  let unclear = checks.skipped('key', 'No function of the API reads something without arguments.');
  for (const probe of probesOf(integration, account)) {
    const outcome = await runtime.call({
      integration: integration.name,
      account: account.name,
      function: probe.slug,
      args: takesLimit(probe) ? { limit: 1 } : {},
    });
    if (outcome.ok) return checks.ok('key', `The API takes it (${probe.luaName}).`);
    const { code, message, hint, details } = outcome.error;
    if (code === 'denied' || code === 'approval_required') {
      unclear = checks.skipped('key', `Not tried: the policy does not let ${probe.luaName} be called.`);
    } else if (details['status'] === 401 || details['status'] === 403) {
      const way = wayOf(probe.auth, account);
      const field = way?.kind === 'bearer' || way?.kind === 'api_key' ? way.field : null;
      const fix = field === null ? configure : `${configure} --set ${field}=…`;
      return checks.failed('key', `The API does not take it: ${message}`, fix);
    } else {
      unclear = checks.failed('key', message, hint);
    }
  }
  return unclear;
}

/** How many functions are tried before it stays unclear whether the API takes a key. */
const mostProbes = 3;

/** Reads that need no arguments and a credential the account holds; lists that can be kept short come first. */
function probesOf(integration: Integration, account: Account): Operation[] {
  const candidates = integration.reader.index.operations
    .filter(({ method, effect, path }) => method === 'GET' && effect === 'read' && !path.includes('{'))
    .map((entry) => integration.reader.operation(entry))
    .filter(({ auth, parameters, deprecated }) => {
      const way = wayOf(auth, account);
      const held =
        way !== null &&
        (way.kind === 'basic' || credentialFields(way, account).every((field) => account.has(field)));
      return held && !deprecated && parameters.every(({ required }) => !required);
    });
  candidates.sort((a, b) => Number(takesLimit(b)) - Number(takesLimit(a)) || a.path.length - b.path.length);
  return candidates.slice(0, mostProbes);
}

function takesLimit({ parameters }: Operation): boolean {
  return parameters.some(({ argument }) => argument === 'limit');
}

import { Account, type AccountSource, defaultAccountName } from '../accounts/index.ts';
import { serverOf, type ToolRule } from '../mcp/index.ts';
import { remotePolicy } from '../policy/index.ts';

/**
 * Accounts of APIs, and the one account that every MCP server has: its credentials stand in its configuration, and
 * reach it when it is started.
 * @param rulesOf what a server's configuration says of its tools
 */
export function withToolAccounts(
  accounts: AccountSource,
  rulesOf: (server: string) => readonly ToolRule[],
): AccountSource {
  const made = new Map<string, Account>();
  return {
    names: (integration) =>
      serverOf(integration) === null ? accounts.names(integration) : [defaultAccountName],
    async get(integration, name) {
      const server = serverOf(integration);
      if (server === null) return accounts.get(integration, name);
      let account = made.get(integration);
      if (account === undefined) {
        account = new Account(
          integration,
          defaultAccountName,
          { local: false, policy: { ...remotePolicy, rules: rulesOf(server) } },
          new Map(),
        );
        made.set(integration, account);
      }
      return account;
    },
  };
}

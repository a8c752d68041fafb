import type { AccountSource } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { RunPolicy } from '../policy/index.ts';
import { judge, type Refused, refusedOf } from './authorize.ts';

/** An operation that a program names, wherever in it. */
export interface NamedCall {
  readonly integration: string;
  /** Null: the run's default account. */
  readonly account: string | null;
  readonly function: string;
}

/** Of the operations a program names, those that the policy would refuse, each once. */
export async function refusals(
  named: readonly NamedCall[],
  parts: { readonly catalog: Catalog; readonly accounts: AccountSource },
  run: RunPolicy & { readonly account: string },
): Promise<Refused[]> {
  const refused = new Map<string, Refused>();
  for (const call of named) {
    const integration = parts.catalog.get(call.integration);
    if (integration === undefined) continue;
    const account = await parts.accounts.get(integration.name, call.account ?? run.account);
    if ('code' in account) continue;
    for (const entry of integration.find(call.function)) {
      const subject = { integration, entry, account };
      const { verdict } = judge(run, subject);
      if (verdict !== 'allow') refused.set(`${entry.slug} ${account.name}`, refusedOf(subject, verdict));
    }
  }
  return [...refused.values()];
}

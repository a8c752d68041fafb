import { forbidsForce, type OpenAccounts } from '../accounts/index.ts';
import { type Catalog, didYouMean } from '../catalog/index.ts';
import { applies, normalizePattern } from '../policy/index.ts';
import { KosmoError } from '../support/errors.ts';

/** The flags by which a run says what may be called. */
export interface PolicyOptions {
  readonly force?: true;
  readonly readOnly?: true;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly maxCalls?: number;
  readonly maxWrites?: number;
}

/** The settings of a run that these flags make. */
export function runPolicyOf({ force, readOnly, allow, deny, maxCalls, maxWrites }: PolicyOptions) {
  return {
    force: force === true,
    readOnly: readOnly === true,
    ...(allow === undefined ? {} : { allow: allow.map(normalizePattern) }),
    ...(deny === undefined ? {} : { deny: deny.map(normalizePattern) }),
    callLimits: {
      ...(maxCalls === undefined ? {} : { calls: maxCalls }),
      ...(maxWrites === undefined ? {} : { writes: maxWrites }),
    },
  };
}

/**
 * Refuses flags that cannot be meant: one that skips approvals where that is forbidden, and a pattern that no function
 * fits, because somebody may rely on it.
 * @throws KosmoError `force_forbidden`, `usage`
 */
export function checkRunPolicy(
  options: PolicyOptions,
  { catalog, state }: { readonly catalog: Catalog; readonly state: OpenAccounts },
): void {
  const skips = options.force === true ? '--force' : options.allow === undefined ? null : '--allow';
  if (skips !== null) {
    const byVariable = forbidsForce(process.env);
    if (byVariable || !state.settings.readable.force) {
      const where = byVariable ? 'KOSMO_NO_FORCE' : `"force": false in ${state.settings.path}`;
      throw new KosmoError('force_forbidden', `${skips} is turned off here by ${where}.`, {
        details: { flag: skips },
      });
    }
  }
  for (const pattern of [...(options.allow ?? []), ...(options.deny ?? [])]) checkPattern(catalog, pattern);
}

function checkPattern(catalog: Catalog, pattern: string): void {
  const normalized = normalizePattern(pattern);
  const near: string[] = [];
  for (const name of catalog.names()) {
    const integration = catalog.get(name);
    if (integration === undefined) continue;
    const { operations } = integration.reader.index;
    if (operations.some((entry) => applies(normalized, { integration: integration.name, ...entry }))) return;
    if (!normalized.includes('*'))
      near.push(...integration.nearest(normalized.slice(normalized.indexOf('.') + 1)));
  }
  throw new KosmoError('usage', `No function fits ${pattern}.${didYouMean(near.slice(0, 3))}`, {
    hint: 'A pattern is a name, or a part of one with * for the rest: list_*, workos.delete_organization.',
  });
}

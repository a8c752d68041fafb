/** One thing the doctor looked at. */
export interface Check {
  /** What was looked at: `settings`, `key`, `reachable`. */
  readonly check: string;
  readonly integration: string | null;
  readonly account: string | null;
  /** `skipped`: it could not be looked at, because of another check. */
  readonly result: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  /** What to do; null when nothing need be done. */
  readonly fix: string | null;
}

/** Makes checks of one place. */
export function checksOf(integration: string | null, account: string | null) {
  const make =
    (result: Check['result']) =>
    (check: string, message: string, fix: string | null = null): Check => ({
      check,
      integration,
      account,
      result,
      message,
      fix,
    });
  return { ok: make('ok'), warning: make('warning'), failed: make('failed'), skipped: make('skipped') };
}

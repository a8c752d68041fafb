/** What came of a run, as `integrations:lua --json` prints it. */
export interface RunReport {
  readonly success: boolean;
  readonly output: string;
  readonly result: unknown;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
  readonly execution_time_ms: number;
  readonly integration_calls: readonly {
    readonly function: string;
    readonly effect: string;
    readonly status: number | null;
    readonly duration_ms: number;
  }[];
  readonly meta: {
    /** Whether the program returned the result; a value that it dumped is in the output already. */
    readonly returned: boolean;
  };
}

/** Asks the server that this page came from to run a program. */
export async function askForRun(source: string, token: string): Promise<RunReport> {
  let answer: Response;
  try {
    answer = await fetch('/run', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-kosmo-run': token },
      body: JSON.stringify({ source }),
    });
  } catch {
    throw new Error('The server is not there any more. Start kosmo docs:serve again, and reload this page.');
  }
  if (answer.status === 403) {
    throw new Error('This page is older than the server. Reload it.');
  }
  if (!answer.ok) throw new Error(await answer.text());
  // Made by the server of this very page.
  return (await answer.json()) as RunReport;
}

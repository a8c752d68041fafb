import { createInterface } from 'node:readline/promises';
import type { ApprovalRequest } from '../call/index.ts';
import { stringifyJson } from '../support/json.ts';

/**
 * Asks a person on the terminal before a call that the policy wants approved; null when nobody is there.
 * An answer of `a` approves every further call of the same operation and account in this run.
 */
export function terminalApprover(): ((request: ApprovalRequest) => Promise<boolean>) | null {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  const approved = new Set<string>();
  return async (request) => {
    const kind = `${request.function} ${request.account}`;
    if (approved.has(kind)) return true;
    const { method, url, body } = request.request;
    const shownBody = body === null ? '' : `\n${stringifyJson(body, 2)}`;
    process.stderr.write(
      `\n${request.function} (${request.effect}, account ${request.account})\n${method} ${url}${shownBody}\n`,
    );
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = (await terminal.question('Send it? [y]es, [n]o, [a]ll of this kind: '))
        .trim()
        .toLowerCase();
      if (answer === 'a' || answer === 'all') approved.add(kind);
      return ['y', 'yes', 'a', 'all'].includes(answer);
    } finally {
      terminal.close();
    }
  };
}

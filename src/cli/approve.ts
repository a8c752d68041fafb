import type { ApprovalRequest } from '../call/index.ts';
import { stringifyJson } from '../support/json.ts';
import { askLine } from './ask-line.ts';
import { InTurn } from './in-turn.ts';
import { canAsk } from './terminal.ts';

/** Asks whoever is there, and answers whether the call may be made. */
export type Approver = (request: ApprovalRequest) => Promise<boolean>;

/** Asks a person on the terminal before a call that the policy wants approved; null when nobody is there. */
export function terminalApprover(): Approver | null {
  return canAsk() ? approver(async (question) => (await askLine(question)) ?? '') : null;
}

/**
 * Shows the request and asks, one call at a time however many are waiting. An answer for all of a kind (the same
 * function and account) holds for the rest of the run.
 */
export function approver(ask: (question: string) => Promise<string>): Approver {
  const settled = new Map<string, boolean>();
  const turns = new InTurn();
  const decide = async (request: ApprovalRequest): Promise<boolean> => {
    const kind = `${request.function} ${request.account}`;
    const known = settled.get(kind);
    if (known !== undefined) return known;
    const answer = (await ask(questionOf(request))).trim().toLowerCase();
    const approved = ['y', 'yes', 'a', 'all'].includes(answer);
    if (['a', 'all', 'never'].includes(answer)) settled.set(kind, approved);
    return approved;
  };
  return (request) => turns.do(() => decide(request));
}

function questionOf(request: ApprovalRequest): string {
  const { method, url, body } = request.request;
  const shownBody = body === null ? '' : `\n${stringifyJson(body, 2)}`;
  return `
${request.function} (${request.effect}, account ${request.account})
${method} ${url}${shownBody}
Send it? [y]es, [n]o, [a]ll of this kind, never: `;
}

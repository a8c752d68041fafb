import type { PlannedCall } from '../call/index.ts';
import { stringifyJson } from '../support/json.ts';

/** What a dry run would send, for people. */
export function renderPlanned(planned: readonly PlannedCall[]): string {
  if (planned.length === 0) return 'dry run: nothing would be changed\n';
  const lines = planned.map(({ function: name, account, effect, request: { method, url, body } }, index) => {
    const shownBody = body === null ? '' : ` ${stringifyJson(body)}`;
    return `  ${index + 1}. ${name} (${effect}, account ${account})\n     ${method} ${url}${shownBody}\n`;
  });
  return `dry run: ${planned.length === 1 ? 'one call was' : `${planned.length} calls were`} not sent\n${lines.join('')}`;
}

import type { AccountState, FieldState } from '../accounts/configuring.ts';

/** One account for people: its fields with where they come from, and its policy. */
export function renderAccount(integration: string, account: AccountState): string {
  const lines = [`${integration}, account ${account.name}${account.local ? ' (the local server)' : ''}\n`];
  if (account.problem !== null) {
    return `${lines.join('')}  ${account.problem.message}\n  ${account.problem.hint}\n`;
  }
  const width = Math.max(6, ...account.fields.map(({ name }) => name.length));
  for (const field of account.fields) lines.push(`  ${field.name.padEnd(width)}  ${fieldValue(field)}\n`);
  const { read, write, destructive, force, operations } = account.policy;
  const forced = force ? '' : '; --force does not count';
  lines.push(
    `  ${'policy'.padEnd(width)}  read ${read}, write ${write}, destructive ${destructive}${forced}\n`,
  );
  for (const [pattern, verdict] of Object.entries(operations)) {
    lines.push(`  ${' '.repeat(width)}  ${verdict} ${pattern}\n`);
  }
  for (const variable of account.ignored_variables) {
    lines.push(`  ${variable} is set but does not count: the account is configured.\n`);
  }
  return lines.join('');
}

function fieldValue({ origin, secret, required, variable, command, value }: FieldState): string {
  const shown = secret || value === null ? '' : `${value}  `;
  switch (origin) {
    case null:
      return required ? `missing (${variable})` : '-';
    case 'credentials':
      return `${shown}set, encrypted`;
    case 'settings':
      return `${shown}${secret ? 'set, in the settings, readable' : '(settings)'}`;
    case 'command':
      return `from the command ${command ?? ''}`;
    case 'environment':
      return `${shown}${secret ? 'set, ' : ''}(${variable})`;
    case 'token_server':
      return 'from the token server';
    case 'default':
      return `${shown}(default)`;
  }
}

import type { Command } from 'commander';
import type { Status } from '../../workos-local/control/status.ts';
import { columns } from '../columns.ts';
import type { CommandDefinition } from '../command.ts';
import { answer, type LocalOptions, localCommand, withLocal } from '../local/local-command.ts';

/** `local:status`: what the local server holds, and who serves it. */
export const localStatus: CommandDefinition = { define, run };

function define(): Command {
  return localCommand('local:status', 'tells what the local WorkOS server holds, and where it is served');
}

async function run({ command }: { command: Command }): Promise<number> {
  const options = command.opts<LocalOptions>();
  const { statusOf } = await import('../../workos-local/control/status.ts');
  return withLocal(options, (host) => {
    const status = statusOf(host);
    return answer(options, status, describe(status));
  });
}

function describe(status: Status): string {
  const { clock, servers } = status;
  const urls = servers.map(({ url, pid }) => `${url} (process ${pid})`);
  return columns([
    ['database', `${status.db} (${Math.ceil(status.bytes / 1024)} KiB)`],
    ['served at', urls.length === 0 ? 'nowhere; kosmo local:start serves it' : urls.join(', ')],
    ['environments', String(status.environments)],
    ['clock', `${clock.now}${clock.ahead_ms === 0 ? '' : ' (moved)'}`],
    ['faults', String(status.faults)],
  ]);
}

import type { Command } from 'commander';
import { atMost } from '../actions.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { answer, type LocalOptions, localCommand, withLocal } from '../local/local-command.ts';

/** `local:clock`: the time the local server lives in. */
export const localClock: CommandDefinition = { define, run };

function define(): Command {
  return localCommand('local:clock', 'shows the clock of the local server, or moves it')
    .argument('[change]', '+11m, +1d12h, a time such as 2026-12-31T12:00:00Z, or reset')
    .addHelpText(
      'after',
      `
  kosmo local:clock +11m                    a code that lasts ten minutes has expired
  kosmo local:clock 2026-12-31T12:00:00Z    that moment; it goes on from there
  kosmo local:clock -- -1h                  back
  kosmo local:clock reset                   the machine's time again

A server that runs sees it at once.
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const options = command.opts<LocalOptions>();
  const { moveClock, readClock } = await import('../../workos-local/control/clock.ts');
  return withLocal(options, (host) => {
    const [change, ...more] = args;
    atMost(more, 0);
    const reading = change === undefined ? readClock(host) : moveClock(host, change);
    const seconds = reading.ahead_ms / 1000;
    const moved = seconds === 0 ? '' : ` (${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'})`;
    return answer(options, reading, `${reading.now}${moved}\n`);
  });
}

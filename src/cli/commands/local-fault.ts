import { type Command, InvalidArgumentError, Option } from 'commander';
import type { NewFault } from '../../workos-local/control/faults.ts';
import type { Fault } from '../../workos-local/kit/faults.ts';
import { act, atMost } from '../actions.ts';
import { columns } from '../columns.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import {
  answer,
  type LocalOptions,
  localCommand,
  withEnvironment,
  withLocal,
} from '../local/local-command.ts';

interface Options extends LocalOptions {
  readonly operation?: string;
  readonly status?: number;
  readonly retryAfter?: number;
  readonly times?: number;
  readonly latency?: number;
  readonly drop?: true | 'request' | 'answer';
}

/** `local:fault`: things that go wrong on purpose. */
export const localFault: CommandDefinition = { define, run };

function define(): Command {
  return withEnvironment(
    localCommand('local:fault', 'makes requests to the local server fail, wait or break, to test a client'),
  )
    .argument('<action>', 'add, list or clear')
    .argument('[id]', 'for clear: the one fault to remove')
    .option(
      '--operation <name>',
      'the requests that meet it: list_organizations, "POST /organizations" (all)',
    )
    .option('--status <number>', 'the status of the answer: 400 to 599', whole)
    .option('--retry-after <seconds>', 'the Retry-After header of the answer', whole)
    .option('--times <number>', 'how many requests meet it (all, until it is cleared)', whole)
    .option('--latency <duration>', 'what it takes before anything happens: 1500, 2s', duration)
    .addOption(
      new Option(
        '--drop [when]',
        'break the connection: before anything is done (request), or in place of the answer (answer)',
      ).choices(['request', 'answer']),
    )
    .addHelpText(
      'after',
      `
Examples:
  kosmo local:fault add --operation list_organizations --status 429 --retry-after 2 --times 3
  kosmo local:fault add --latency 2s --environment "Checkout tests"
  kosmo local:fault add --operation create_organization --drop answer --times 1
  kosmo local:fault clear

A server that runs sees it at once.
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const control = await import('../../workos-local/control/faults.ts');
  const { findEnvironment } = await import('../../workos-local/control/environments.ts');
  return act(
    {
      add: (more) =>
        withLocal(options, (host) => {
          atMost(more, 0);
          const { environment } = options;
          const where = environment === undefined ? null : findEnvironment(host, environment);
          const fault = control.addFault(host, where, faultOf(options));
          return answer(options, fault, columns([described(fault)]));
        }),
      list: (more) =>
        withLocal(options, (host) => {
          atMost(more, 0);
          const faults = control.listFaults(host);
          return answer(
            options,
            { faults },
            faults.length === 0 ? 'There are no faults.\n' : columns(faults.map(described)),
          );
        }),
      clear: ([id, ...more]) =>
        withLocal(options, (host) => {
          atMost(more, 0);
          const cleared = control.clearFaults(host, id);
          return answer(options, { cleared }, `Cleared ${cleared}.\n`);
        }),
    },
    args,
    command,
  );
}

function faultOf({ operation, status, retryAfter, times, latency, drop }: Options): NewFault {
  return {
    ...(operation === undefined ? {} : { operation }),
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(times === undefined ? {} : { times }),
    ...(latency === undefined ? {} : { latency }),
    ...(drop === undefined ? {} : { drop: drop === true ? 'request' : drop }),
  };
}

function described(fault: Fault): string[] {
  const does = [
    ...(fault.latency > 0 ? [`waits ${fault.latency} ms`] : []),
    ...(fault.status === null ? [] : [`answers ${fault.status}`]),
    ...(fault.retry_after === null ? [] : [`Retry-After: ${fault.retry_after}`]),
    ...(fault.drops === null ? [] : [`drops the ${fault.drops}`]),
  ];
  const often = fault.remaining === null ? 'always' : `${fault.remaining} times`;
  return [fault.id, fault.operation ?? 'every operation', often, does.join(', ')];
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(text);
}

const units: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, m: 60_000 };

function duration(text: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? [];
  if (amount === undefined)
    throw new InvalidArgumentError('It takes milliseconds, or a duration such as 2s.');
  return Math.round(Number(amount) * (units[unit] ?? 1));
}

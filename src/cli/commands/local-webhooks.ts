import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Delivery, DeliveryState } from '../../workos-local/kit/webhooks/index.ts';
import { act, atMost, required } from '../actions.ts';
import { columns } from '../columns.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import {
  answer,
  type LocalOptions,
  localCommand,
  withEnvironment,
  withLocalEnvironment,
} from '../local/local-command.ts';

interface Options extends LocalOptions {
  readonly endpoint?: string;
  readonly state?: DeliveryState;
  readonly limit: number;
}

/** `local:webhooks`: what went to webhook endpoints. */
export const localWebhooks: CommandDefinition = { define, run };

function define(): Command {
  return withEnvironment(
    localCommand('local:webhooks', 'shows what went to webhook endpoints, and sends it again'),
  )
    .argument('<action>', 'deliveries or redeliver')
    .argument('[id]', 'for redeliver: the delivery')
    .option('--endpoint <id>', 'for deliveries: only those to this endpoint')
    .addOption(
      new Option('--state <state>', 'for deliveries: only those in this state').choices([
        'pending',
        'delivered',
        'failed',
      ]),
    )
    .option('--limit <number>', 'for deliveries: at most this many, the newest', limit, 100)
    .addHelpText(
      'after',
      `
Examples:
  kosmo local:webhooks deliveries --state failed
  kosmo local:webhooks redeliver webhook_delivery_01…
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const control = await import('../../workos-local/control/webhooks.ts');
  return act(
    {
      deliveries: (more) =>
        withLocalEnvironment(options, (host, environment) => {
          atMost(more, 0);
          const deliveries = control.readDeliveries(host, environment, {
            limit: options.limit,
            ...(options.endpoint === undefined ? {} : { endpointId: options.endpoint }),
            ...(options.state === undefined ? {} : { state: options.state }),
          });
          const text =
            deliveries.length === 0 ? 'There are no deliveries.\n' : columns(deliveries.map(described));
          return answer(options, { deliveries }, text);
        }),
      redeliver: (given) =>
        withLocalEnvironment(options, (host, environment) => {
          const id = control.redeliverTo(host, environment, required(given, 0, 'the id of a delivery'));
          atMost(given, 1);
          return answer(options, { id }, `It is sent again as ${id}.\n`);
        }),
    },
    args,
    command,
  );
}

function described({ id, created_at, event, state, attempts, endpoint_url }: Delivery): string[] {
  const last = attempts.at(-1);
  const outcome = last === undefined ? '' : ` ${last.status ?? last.error ?? ''}`;
  return [created_at, id, event, `${state}${outcome}`, endpoint_url];
}

function limit(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1) throw new InvalidArgumentError('It takes a number from 1.');
  return value;
}

import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { bind } from '../../call/bind.ts';
import { argumentsOf } from '../../call/index.ts';
import { OperationPlan } from '../../call/plan.ts';
import { Catalog } from '../../catalog/index.ts';
import { exampleArguments } from '../../docs/index.ts';
import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '../../support/json.ts';
import { addFunctionFlags } from './function-flags.ts';
import { mergeArguments, readAssignment, type Shape } from './merge.ts';
import { addCallOptions } from './options.ts';

const workos = Catalog.open(join(import.meta.dirname, '../../../dist/integrations')).get('workos');
if (workos === undefined) throw new Error('workos is not built');
const { reader } = workos;

function shapeOf(name: string): Shape & { plan: OperationPlan } {
  const entry = workos?.find(name)[0];
  if (entry === undefined) throw new Error(name);
  const operation = reader.operation(entry);
  const lookup = (schema: string) => reader.schema(schema);
  return {
    arguments: argumentsOf(operation, lookup),
    body: operation.body?.schema ?? null,
    lookup,
    plan: new OperationPlan(operation, reader),
  };
}

/** The arguments that a command line makes for a function. */
function argumentsFrom(name: string, words: readonly string[], json: JsonObject = {}): JsonObject {
  const shape = shapeOf(name);
  const command = new Command('test').exitOverride().argument('[json]');
  const flags = addFunctionFlags(command, shape.arguments, shape.body !== null, shape.lookup);
  addCallOptions(command);
  command.configureOutput({ writeErr: () => undefined }).parse([...words], { from: 'user' });
  const { arg = [] } = command.opts<{ arg?: readonly ReturnType<typeof readAssignment>[] }>();
  return mergeArguments(json, [...arg, ...flags()], shape);
}

describe('flags made from a schema', () => {
  it.each(workos.reader.index.operations.map(({ slug }) => slug))('say for %s what the JSON says', (slug) => {
    const shape = shapeOf(slug);
    const args = exampleArguments(shape.plan.operation, shape.lookup, 'full');
    const flags = Object.entries(args).flatMap(([name, value]) =>
      // Every call has a flag of that name.
      name === 'idempotency_key'
        ? ['--arg', leaf(name, value)]
        : [`--${name.replaceAll('_', '-')}`, typeof value === 'string' ? value : stringifyJson(value)],
    );
    const byFlags = bind(shape.plan, argumentsFrom(slug, flags));
    const byJson = bind(shape.plan, args);
    expect({ values: byFlags.values, body: byFlags.body }).toEqual({
      values: byJson.values,
      body: byJson.body,
    });
    const assignments = Object.entries(args).flatMap(([name, value]) => ['--arg', leaf(name, value)]);
    const byAssignments = bind(shape.plan, argumentsFrom(slug, assignments));
    expect({ values: byAssignments.values, body: byAssignments.body }).toEqual({
      values: byJson.values,
      body: byJson.body,
    });
  });
});

function leaf(name: string, value: JsonValue): string {
  return typeof value === 'string' ? `${name}=${value}` : `${name}:=${stringifyJson(value)}`;
}

describe('texts of the command line', () => {
  it('are read as the schema wants them', () => {
    expect(argumentsFrom('list_organizations', ['--limit', '5', '--order', 'asc'])).toEqual({
      limit: 5,
      order: 'asc',
    });
    expect(argumentsFrom('create_organization', ['--name', '42'])).toEqual({ name: '42' });
    expect(argumentsFrom('create_organization', ['--name', 'true'])).toEqual({ name: 'true' });
    expect(argumentsFrom('create_user', ['--email', 'a@b.example', '--email-verified'])).toEqual({
      email: 'a@b.example',
      email_verified: true,
    });
    for (const words of [['--no-email-verified'], ['--email-verified=false'], ['--email-verified', 'false']])
      expect(argumentsFrom('create_user', words)).toEqual({ email_verified: false });
  });

  it('that cannot be read as the schema wants stay text, for the check to complain of', () => {
    expect(argumentsFrom('list_organizations', ['--limit', 'many'])).toEqual({ limit: 'many' });
    expect(argumentsFrom('list_organizations', ['--limit', ''])).toEqual({ limit: '' });
    expect(argumentsFrom('create_organization', ['--metadata', '{"a":'])).toEqual({ metadata: '{"a":' });
  });

  it('make a list when a flag is repeated, and a list of one when it is not', () => {
    const domains = ['--domains', 'a.example', '--domains', 'b.example'];
    expect(argumentsFrom('create_organization', domains)).toEqual({ domains: ['a.example', 'b.example'] });
    expect(argumentsFrom('create_organization', domains.slice(0, 2))).toEqual({ domains: ['a.example'] });
    expect(argumentsFrom('create_organization', ['--domains', '["a.example"]'])).toEqual({
      domains: ['a.example'],
    });
  });

  it('keep every digit of large numbers', () => {
    expect(argumentsFrom('create_organization', ['--arg', 'body.x:=12345678901234567890'])).toEqual({
      body: { x: 12345678901234567890n },
    });
  });
});

describe('--arg', () => {
  it('goes inside of what it names', () => {
    const words = [
      ['--arg', 'metadata.team=core'],
      ['--arg', 'domain_data.0.domain=a.example'],
      ['--arg', 'domain_data.0.state=pending'],
      ['--arg', 'domain_data.1.domain=b.example'],
    ].flat();
    expect(argumentsFrom('create_organization', words)).toEqual({
      metadata: { team: 'core' },
      domain_data: [{ domain: 'a.example', state: 'pending' }, { domain: 'b.example' }],
    });
    expect(argumentsFrom('create_organization', ['--arg', 'body.name=Acme'])).toEqual({ name: 'Acme' });
  });

  it('takes JSON after :=, and text with = in it after =', () => {
    expect(argumentsFrom('create_organization', ['--arg', 'metadata:={"a":"b"}'])).toEqual({
      metadata: { a: 'b' },
    });
    expect(argumentsFrom('create_organization', ['--arg', 'external_id:=null'])).toEqual({
      external_id: null,
    });
    expect(argumentsFrom('create_organization', ['--arg', 'name=a=b'])).toEqual({ name: 'a=b' });
  });

  it.each([
    ['nothing to set', 'name'],
    ['no name', '=x'],
    ['JSON that is none', 'name:=Acme'],
  ])('with %s is a usage error', (_, text) => {
    expect(() => readAssignment(text)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'usage' }) as object }) as Error,
    );
  });

  it('cannot leave a gap in a list, nor reach what every object has', () => {
    expect(() => argumentsFrom('create_organization', ['--arg', 'domain_data.3.domain=x'])).toThrow(
      /leads nowhere/,
    );
    argumentsFrom('create_organization', [
      '--arg',
      'metadata.__proto__.polluted=yes',
      '--arg',
      '__proto__.polluted=yes',
    ]);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });
});

describe('flags beside the JSON', () => {
  it('win over it, under whatever name it says the same', () => {
    expect(argumentsFrom('list_organizations', ['--limit', '5'], { limit: 1, order: 'asc' })).toEqual({
      limit: 5,
      order: 'asc',
    });
    expect(argumentsFrom('get_user', ['--id', 'user_2'], { user_id: 'user_1' })).toEqual({ id: 'user_2' });
    expect(argumentsFrom('get_user', ['--user-id', 'user_2'], { id: 'user_1' })).toEqual({ id: 'user_2' });
    expect(
      argumentsFrom('create_organization', ['--name', 'B'], { body: { name: 'A', external_id: 'x' } }),
    ).toEqual({
      body: { name: 'B', external_id: 'x' },
    });
    expect(argumentsFrom('create_organization', ['--body', '{"name":"B"}'], { name: 'A' })).toEqual({
      body: { name: 'B' },
    });
    expect(argumentsFrom('create_organization', ['--arg', 'metadata.b=2'], { metadata: { a: '1' } })).toEqual(
      {
        metadata: { a: '1', b: '2' },
      },
    );
  });

  it('never change the JSON they were given', () => {
    const json = { metadata: { a: '1' } };
    argumentsFrom('create_organization', ['--arg', 'metadata.b=2'], json);
    expect(json).toEqual({ metadata: { a: '1' } });
  });

  it.each([
    [['--limit', '1', '--limit', '2'], '--limit was given twice.'],
    [['--limit', '1', '--arg', 'limit=2'], '--arg limit and --limit give the same argument.'],
    [['--arg', 'limit=1', '--arg', 'limit=2'], '--arg limit was given twice.'],
  ])('cannot contradict each other: %j', (words, message) => {
    expect(() => argumentsFrom('list_organizations', words)).toThrow(message);
  });

  it('and their aliases are one argument', () => {
    expect(() => argumentsFrom('get_user', ['--id', 'a', '--user-id', 'b'])).toThrow(
      /give the same argument/,
    );
    expect(() => argumentsFrom('create_organization', ['--name', 'a', '--arg', 'body.name=b'])).toThrow(
      /give the same argument/,
    );
  });

  it('leave the JSON an object whatever it holds', () => {
    const merged = argumentsFrom('create_organization', ['--name', 'B'], { body: 'text' });
    expect(isJsonObject(merged)).toBe(true);
    expect(merged).toEqual({ body: 'text', name: 'B' });
  });
});

import type { OperationResponse, Parameter } from '../manifest/index.ts';
import type { Change, Side } from './change.ts';
import { schemaChanges } from './schema-changes.ts';

/** What is different in an operation: its names, what it takes, what it answers with. */
export function operationChanges(before: Side, after: Side): Change[] {
  return [
    ...own(before, after),
    ...parameters(before, after),
    ...bodies(before, after),
    ...answers(before, after),
  ];
}

function own({ operation: before }: Side, { operation: after }: Side): Change[] {
  const changes: Change[] = [];
  if (before.slug !== after.slug) {
    changes.push({ kind: 'breaking', place: '', what: `its full name was ${before.slug}` });
  }
  if (before.luaName !== after.luaName) {
    changes.push({ kind: 'breaking', place: '', what: `its short name was ${before.luaName}` });
  }
  if (before.effect !== after.effect) {
    const kind = after.effect === 'read' ? 'compatible' : 'breaking';
    changes.push({ kind, place: '', what: `${before.effect} became ${after.effect}` });
  }
  if (JSON.stringify(before.auth) !== JSON.stringify(after.auth)) {
    changes.push({ kind: 'breaking', place: '', what: 'it is authenticated in another way' });
  }
  if (!before.deprecated && after.deprecated)
    changes.push({ kind: 'compatible', place: '', what: 'it is deprecated now' });
  return changes;
}

function parameters(before: Side, after: Side): Change[] {
  const keyOf = ({ in: place, argument }: Parameter) => `${place} ${argument}`;
  const former = new Map(before.operation.parameters.map((entry) => [keyOf(entry), entry]));
  const next = new Map(after.operation.parameters.map((entry) => [keyOf(entry), entry]));
  const changes: Change[] = [];
  for (const [key, parameter] of next) {
    const { argument, required } = parameter;
    const old = former.get(key);
    if (old === undefined) {
      changes.push({
        kind: required ? 'breaking' : 'compatible',
        place: argument,
        what: required ? 'added, and required' : 'added',
      });
      continue;
    }
    if (old.required !== required) {
      changes.push({
        kind: required ? 'breaking' : 'compatible',
        place: argument,
        what: required ? 'required now' : 'optional now',
      });
    }
    changes.push(
      ...schemaChanges('request', argument, old.schema, before.reader, parameter.schema, after.reader),
    );
  }
  for (const [key, { argument }] of former)
    if (!next.has(key)) changes.push({ kind: 'breaking', place: argument, what: 'removed' });
  return changes;
}

function bodies(before: Side, after: Side): Change[] {
  const old = before.operation.body;
  const next = after.operation.body;
  if (old === null && next === null) return [];
  if (old === null || next === null) {
    const kind = next?.required === true || next === null ? 'breaking' : 'compatible';
    return [{ kind, place: 'body', what: next === null ? 'removed' : 'added' }];
  }
  const changes: Change[] = [];
  if (old.encoding !== next.encoding)
    changes.push({ kind: 'compatible', place: 'body', what: `sent as ${next.contentType}` });
  if (old.required !== next.required) {
    changes.push({
      kind: next.required ? 'breaking' : 'compatible',
      place: 'body',
      what: next.required ? 'required now' : 'optional now',
    });
  }
  changes.push(...schemaChanges('request', 'body', old.schema, before.reader, next.schema, after.reader));
  return changes;
}

function answers(before: Side, after: Side): Change[] {
  const good = ({ operation }: Side): OperationResponse | undefined =>
    operation.responses.find(({ status }) => /^[23]/.test(status));
  const old = good(before);
  const next = good(after);
  if (old === undefined || next === undefined) return [];
  const changes: Change[] = [];
  if (old.status !== next.status)
    changes.push({
      kind: 'compatible',
      place: 'answer',
      what: `answers ${next.status} instead of ${old.status}`,
    });
  if (old.schema !== null && next.schema === null)
    changes.push({ kind: 'breaking', place: 'answer', what: 'has no value any more' });
  if (old.schema !== null && next.schema !== null)
    changes.push(...schemaChanges('answer', 'answer', old.schema, before.reader, next.schema, after.reader));
  return changes;
}

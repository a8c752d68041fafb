import type { Expression, TableConstructorExpression } from 'luaparse';
import type { JsonObject, JsonValue } from '../../support/json.ts';

/** A table as far as a program writes it out. */
export interface LiteralTable {
  /** What is written out; null stands where a value is made when the program runs. */
  readonly value: JsonObject | readonly JsonValue[];
  /** Where those are, as paths of arguments: `limit`, `domain_data[1].domain`. */
  readonly made: string[];
}

/** Reads a table constructor. */
export function literalTable(table: TableConstructorExpression): LiteralTable {
  const made: string[] = [];
  return { value: readTable(table, '', made), made };
}

function read(expression: Expression, path: string, made: string[]): JsonValue {
  switch (expression.type) {
    case 'StringLiteral':
      return Buffer.from(expression.value, 'latin1').toString('utf8');
    case 'NumericLiteral':
    case 'BooleanLiteral':
      return expression.value;
    case 'UnaryExpression':
      if (expression.operator === '-' && expression.argument.type === 'NumericLiteral') {
        return -expression.argument.value;
      }
      break;
    case 'TableConstructorExpression':
      return readTable(expression, path, made);
  }
  made.push(path);
  return null;
}

function readTable(
  table: TableConstructorExpression,
  path: string,
  made: string[],
): JsonObject | JsonValue[] {
  const list: JsonValue[] = [];
  const object: JsonObject = {};
  let named = 0;
  for (const field of table.fields) {
    if (field.type === 'TableValue') {
      list.push(read(field.value, `${path}[${list.length + 1}]`, made));
      continue;
    }
    named += 1;
    const key = keyOf(field);
    // A key made when the program runs: nothing is known of the table as a whole.
    if (key === null) made.push(path);
    // An argument set to nil is not given.
    else if (field.value.type !== 'NilLiteral') {
      Object.defineProperty(object, key, {
        value: read(field.value, path === '' ? key : `${path}.${key}`, made),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  if (named === 0 && list.length > 0) {
    // The last value may be many: f() or ...
    const last = table.fields.at(-1)?.value.type;
    if (last === 'VarargLiteral' || last === 'CallExpression') made.push(path);
    return list;
  }
  if (list.length > 0) made.push(path);
  return object;
}

function keyOf(
  field: Exclude<TableConstructorExpression['fields'][number], { type: 'TableValue' }>,
): string | null {
  if (field.type === 'TableKeyString') return field.key.name;
  if (field.key.type !== 'StringLiteral') return null;
  return Buffer.from(field.key.value, 'latin1').toString('utf8');
}

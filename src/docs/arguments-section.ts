import { type Operation, resolve, type SchemaLookup } from '../manifest/index.ts';
import { stringifyJson } from '../support/json.ts';
import { type Form, flexible, type Part } from './page.ts';
import { cell, firstSentence } from './prose.ts';
import { type Field, type Shape, shapeOf } from './schema-shape.ts';
import { typeWords } from './schema-words.ts';

/** An argument: a parameter, or a property of the body by its dotted path. */
interface Row {
  readonly name: string;
  readonly type: string;
  /** The type with few of a long list of values. */
  readonly shortType: string;
  readonly required: boolean;
  readonly standard: string;
  readonly description: string;
  /** What is said whatever the room: other spellings, when it applies. */
  readonly notes: readonly string[];
}

/** Rows under a line that says what they are: the variants of a body have one each. */
interface Group {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** How many of a list's values are named where there is little room. */
const fewValues = 6;

/** Every argument of an operation: parameters, then the body's properties by dotted path. */
export function argumentsPart(operation: Operation, lookup: SchemaLookup): Part {
  const groups = groupsOf(operation, lookup);
  const choices = choicesOf(operation);
  const section = (render: (rows: readonly Row[]) => string): string => {
    const lines = groups.flatMap(({ title, rows }) => [...(title === '' ? [] : [title]), render(rows)]);
    if (choices.length > 0) lines.push(choices.map((choice) => `- ${choice}`).join('\n'));
    return ['## Arguments', ...lines].join('\n\n');
  };
  if (groups.length === 0) return { forms: [{ text: '## Arguments\n\nNone.', lacks: null, loss: 0 }] };
  const rows = groups.flatMap((group) => group.rows);
  const isWhole = rows.every((row) => row.shortType === row.type && saysAll(row));
  return flexible(
    section(table),
    form(section(listed), isWhole ? null : 'the rest of what arguments mean', 10),
    form(section(requiredInWords), 'what optional arguments mean', 30),
    form(section(named), 'what arguments mean and hold', 60),
  );
}

function form(text: string, lacks: string | null, loss: number): Form {
  return { text, lacks, loss };
}

function groupsOf(operation: Operation, lookup: SchemaLookup): Group[] {
  const groups: Group[] = [];
  const parameters = operation.parameters.map((parameter) => parameterRow(parameter, lookup));
  if (parameters.length > 0) groups.push({ title: '', rows: parameters });
  const { body } = operation;
  if (body === null) return groups;
  const { fields, variants } = shapeOf(body.schema, lookup);
  const common = rowsOf({ fields, variants: [] }, '', lookup, body.accountDefaults);
  const title =
    body.isArgumentTable === true
      ? ''
      : parameters.length > 0
        ? 'Body (under `body`, or beside the arguments above):'
        : 'Body (under `body`, or as arguments):';
  if (common.length > 0) groups.push({ title, rows: common });
  for (const { when, fields: own } of variants) {
    groups.push({
      title: `When ${when ?? 'it is the other kind'}:`,
      rows: rowsOf({ fields: own, variants: [] }, '', lookup, body.accountDefaults),
    });
  }
  return groups;
}

function parameterRow(parameter: Operation['parameters'][number], lookup: SchemaLookup): Row {
  const { argument, alias, schema, required, accountDefault } = parameter;
  return {
    name: argument,
    type: typeWords(schema, lookup),
    shortType: typeWords(schema, lookup, fewValues),
    required: required && accountDefault.length === 0,
    standard: standardOf(resolve(schema, lookup)['default'], accountDefault),
    description: parameter.description,
    notes: alias === null ? [] : [`Also accepted as \`${alias}\`.`],
  };
}

function rowsOf(
  { fields, variants }: Shape,
  prefix: string,
  lookup: SchemaLookup,
  accountDefaults: Readonly<Record<string, readonly string[]>>,
): Row[] {
  const rows = fields.flatMap((field) => fieldRows(field, prefix, lookup, accountDefaults[field.name] ?? []));
  for (const { when, fields: own } of variants) {
    for (const row of own.flatMap((field) => fieldRows(field, prefix, lookup, []))) {
      rows.push({ ...row, notes: [...row.notes, `When ${when}.`] });
    }
  }
  return rows;
}

function fieldRows(
  field: Field,
  prefix: string,
  lookup: SchemaLookup,
  accountFields: readonly string[],
): Row[] {
  const { name, schema, required, description, standard, deprecated, list, inner } = field;
  const row: Row = {
    name: prefix + name,
    type: typeWords(schema, lookup),
    shortType: typeWords(schema, lookup, fewValues),
    required: required && accountFields.length === 0,
    standard: standardOf(standard, accountFields),
    description,
    notes: deprecated ? ['Deprecated.'] : [],
  };
  const below = list ? `${prefix}${name}[].` : `${prefix}${name}.`;
  return inner === null ? [row] : [row, ...rowsOf(inner, below, lookup, {})];
}

function standardOf(standard: Field['standard'], accountFields: readonly string[]): string {
  if (accountFields.length > 0) return `the account’s ${accountFields.join(', else its ')}`;
  return standard === undefined || standard === null ? '' : `\`${stringifyJson(standard)}\``;
}

/** What goes with what, and what excludes what. */
function choicesOf({ exclusiveGroups }: Operation): string[] {
  return exclusiveGroups.map((group) => {
    const variants = Object.values(group.variants).map((names) =>
      names.map((name) => `\`${name}\``).join(' with '),
    );
    return `${group.optional ? 'At most one of these' : 'Exactly one of these'}: ${variants.join(', or ')}.`;
  });
}

function table(rows: readonly Row[]): string {
  const withDefaults = rows.some(({ standard }) => standard !== '');
  const lines = rows.map(({ name, type, required, standard, description, notes }) => {
    const meaning = [cell(description), ...notes.map(cell)].filter((text) => text !== '').join(' ');
    const cells = [`\`${name}\``, cell(type), required ? 'yes' : 'no'];
    return `| ${[...cells, ...(withDefaults ? [cell(standard)] : []), meaning].join(' | ')} |`;
  });
  const head = ['Argument', 'Type, values', 'Required', ...(withDefaults ? ['Default'] : []), 'Meaning'];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...lines].join('\n');
}

/** A line for each, with the first sentence of its meaning. */
function listed(rows: readonly Row[]): string {
  return rows.map(inASentence).join('\n');
}

/** A line for each that is needed; the others by name and type. */
function requiredInWords(rows: readonly Row[]): string {
  const needed = rows.filter(({ required, name }) => required && isTopLevel(name));
  const others = rows.filter((row) => !needed.includes(row));
  const optional = others.map(({ name, shortType }) => `\`${name}\` ${shortType}`).join('; ');
  return [...needed.map(inASentence), ...(optional === '' ? [] : [`- Optional: ${optional}`])].join('\n');
}

/** Names alone, and only of what is not within another. */
function named(rows: readonly Row[]): string {
  const top = rows.filter(({ name }) => isTopLevel(name));
  const names = (required: boolean) =>
    top.filter((row) => row.required === required).map(({ name }) => `\`${name}\``);
  const [needed, others] = [names(true), names(false)];
  return [
    ...(needed.length > 0 ? [`- Required: ${needed.join(', ')}`] : []),
    ...(others.length > 0 ? [`- Optional: ${others.join(', ')}`] : []),
  ].join('\n');
}

function inASentence({ name, shortType, required, standard, description, notes }: Row): string {
  const sentence = firstSentence(description);
  const tail = [
    ...(sentence === '' ? [] : [sentence]),
    ...(standard === '' ? [] : [`Default ${standard}.`]),
    ...notes,
  ].join(' ');
  return `- \`${name}\` ${shortType}${required ? ', required' : ''}${tail === '' ? '' : `: ${tail}`}`;
}

/** Whether its first sentence is all that its document says of an argument. */
function saysAll({ description }: Row): boolean {
  return firstSentence(description) === cell(description);
}

function isTopLevel(name: string): boolean {
  return !/[.[]/.test(name);
}

import type { Operation, SchemaLookup } from '../manifest/index.ts';
import { fixed, flexible, type Part } from './page.ts';
import { firstSentence } from './prose.ts';
import { type Field, isEmpty, type Shape, shapeOf } from './schema-shape.ts';
import { itemsOf, typeWords } from './schema-words.ts';

/** How many of a list's values are named where there is little room. */
const fewValues = 4;

/** What an operation gives back, as a shape with the meaning of each field beside it. */
export function resultPart(operation: Operation, lookup: SchemaLookup): Part {
  const success = operation.responses.find(({ status }) => status.startsWith('2') || status === 'default');
  if (operation.responses.some(({ status }) => status.startsWith('3'))) {
    return fixed('## Returns\n\n`{ url = "…" }`: where the operation sends a browser. It is not followed.');
  }
  const schema = success?.schema ?? null;
  if (schema === null) {
    return fixed(
      operation.method === 'TOOL'
        ? '## Returns\n\nWhat the tool answers: its text, decoded when it is JSON.'
        : '## Returns\n\nNothing (nil).',
    );
  }
  const items = itemsOf(schema, lookup);
  const shape = shapeOf(items ?? schema, lookup);
  if (isEmpty(shape)) return fixed(`## Returns\n\n${typeWords(schema, lookup)}`);
  const block = (text: string) =>
    `## Returns\n\n${items === null ? '' : 'A list of these:\n\n'}\`\`\`\n${text}\n\`\`\``;
  return flexible(
    block(lines(shape, lookup, '', true).join('\n')),
    {
      text: block(lines(shape, lookup, '', false).join('\n')),
      lacks: 'the meaning of returned fields',
      loss: 15,
    },
    {
      text: `## Returns\n\n${items === null ? '' : 'A list of '}\`${names(shape, 3)}\``,
      lacks: 'the types of returned fields',
      loss: 35,
    },
    {
      text: `## Returns\n\n${items === null ? '' : 'A list of '}\`${names(shape, 0)}\``,
      lacks: 'what is in returned fields',
      loss: 65,
    },
  );
}

function lines(
  { fields, variants }: Shape,
  lookup: SchemaLookup,
  indent: string,
  meanings: boolean,
): string[] {
  const own = fields.flatMap((field) => fieldLines(field, lookup, indent, meanings));
  const others = variants.flatMap(({ when, fields: more }) => [
    `${indent}-- when ${plain(when ?? '')}`,
    ...more.flatMap((field) => fieldLines(field, lookup, indent, meanings)),
  ]);
  return [...own, ...others];
}

function fieldLines(field: Field, lookup: SchemaLookup, indent: string, meanings: boolean): string[] {
  const { name, schema, list, inner, description } = field;
  const sentence = meanings ? firstSentence(description) : '';
  const words = sentence === '' ? '' : `  -- ${sentence}`;
  const type = plain(meanings ? typeWords(schema, lookup) : typeWords(schema, lookup, fewValues));
  if (inner === null) return [`${indent}${name}: ${type}${words}`];
  const nullable = type.endsWith(' or null') ? ' or null' : '';
  return [
    `${indent}${name}${list ? '[]' : ''}:${nullable}${words}`,
    ...lines(inner, lookup, `${indent}  `, meanings),
  ];
}

/** Names alone: `{ data[]: { id, email }, list_metadata: { after } }`. */
function names({ fields, variants }: Shape, depth: number): string {
  const all = [...fields, ...variants.flatMap((variant) => variant.fields)];
  const seen = new Set<string>();
  const texts = all.flatMap(({ name, list, inner }) => {
    if (seen.has(name)) return [];
    seen.add(name);
    const label = list ? `${name}[]` : name;
    return [inner === null || depth === 0 ? label : `${label}: ${names(inner, depth - 1)}`];
  });
  return `{ ${texts.join(', ')} }`;
}

/** Inside a code block, words need no marks. */
function plain(words: string): string {
  return words.replaceAll('`', '');
}

import type { Question, Reply } from '../../mcp/index.ts';
import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '../../support/json.ts';
import { InTurn } from '../in-turn.ts';
import { plainText } from '../show/plain-text.ts';

type Content = Extract<Reply, { action: 'accept' }>['content'];

/** Several servers may ask at once; a person is asked one thing after the other. */
const turns = new InTurn();

/** Asks for one line, again while it is not valid; throws when nothing is answered. */
export type Prompt = (message: string, validate: (text: string) => string | true) => Promise<string>;

/**
 * Asks a person what an MCP server wants to know. Ctrl-C answers nothing.
 * @param prompt how lines are asked for where something else reads the terminal already
 */
export function askOnTerminal(question: Question, prompt: Prompt = ownPrompt): Promise<Reply> {
  return turns.do(() => ask(question, prompt));
}

async function ask({ server, message, url, fields }: Question, prompt: Prompt): Promise<Reply> {
  process.stderr.write(`\nThe MCP server ${server} asks: ${plainText(message, true)}\n`);
  if (url !== null) process.stderr.write(`It wants you to open ${plainText(url, false)}\n`);
  try {
    const answer = await prompt(
      url === null ? 'Answer it? [y]es, [n]o:' : 'Done there? [y]es, [n]o:',
      yesOrNo,
    );
    if (!/^y/i.test(answer)) return { action: 'decline' };
    return { action: 'accept', content: url === null ? await askFields(fields, prompt) : {} };
  } catch {
    // Ctrl-C, or the end of the input.
    return { action: 'cancel' };
  }
}

async function askFields({ properties, required }: JsonObject, prompt: Prompt): Promise<Content> {
  const needed = Array.isArray(required) ? required : [];
  const content: Record<string, Content[string]> = {};
  for (const [name, schema] of Object.entries(isJsonObject(properties) ? properties : {})) {
    const field = isJsonObject(schema) ? schema : {};
    const must = needed.includes(name);
    const said = await prompt(questionFor(name, field, must), (text) => faultOf(text, field, must));
    // What is left empty has its default, or none.
    const value = said === '' ? undefined : typedValue(said, field);
    if (isAnswer(value)) content[name] = value;
  }
  return content;
}

async function ownPrompt(...[message, validate]: Parameters<Prompt>): Promise<string> {
  const { default: input } = await import('@inquirer/input');
  return input({ message, validate }, { output: process.stderr });
}

function yesOrNo(text: string): string | true {
  return /^(y|yes|n|no)$/i.test(text.trim()) || 'y or n';
}

function questionFor(name: string, field: JsonObject, must: boolean): string {
  const { title, description, type, default: standard } = field;
  const label = typeof title === 'string' ? title : name;
  const about = typeof description === 'string' ? ` (${description})` : '';
  const choices = choicesOf(field);
  const kind = choices === null ? (type === 'boolean' ? ' [yes/no]' : '') : ` [${choices.join('/')}]`;
  const fallback = standard === undefined ? (must ? '' : ' optional') : ` default ${stringifyJson(standard)}`;
  return plainText(`${label}${about}${kind}${fallback}:`, false);
}

function faultOf(text: string, field: JsonObject, must: boolean): string | true {
  if (text === '') return !must || field['default'] !== undefined || 'It is needed.';
  const choices = choicesOf(field);
  const picked = isList(field) ? text.split(',').map((part) => part.trim()) : [text];
  if (choices !== null && !picked.every((choice) => choices.includes(choice)))
    return `One of ${choices.join(', ')}.`;
  return typedValue(text, field) !== undefined || `It must be a ${stringifyJson(field['type'] ?? 'string')}.`;
}

/** What was typed as the kind of value that is wanted; undefined when it is none. */
function typedValue(text: string, field: JsonObject): JsonValue | undefined {
  switch (field['type']) {
    case 'boolean':
      return /^(y|yes|true)$/i.test(text) ? true : /^(n|no|false)$/i.test(text) ? false : undefined;
    case 'integer':
    case 'number': {
      const number = Number(text);
      const fits = field['type'] === 'integer' ? Number.isSafeInteger(number) : Number.isFinite(number);
      return fits && text.trim() !== '' ? number : undefined;
    }
    case 'array':
      return text.split(',').map((part) => part.trim());
    default:
      return text;
  }
}

function isList(field: JsonObject): boolean {
  return field['type'] === 'array';
}

/** The values to choose from: `enum`, or titled ones under `oneOf` or `anyOf`. Null when any will do. */
function choicesOf(field: JsonObject): string[] | null {
  const of = isList(field) && isJsonObject(field['items']) ? field['items'] : field;
  const { enum: plain, oneOf, anyOf } = of;
  if (Array.isArray(plain))
    return plain.map((choice) => (typeof choice === 'string' ? choice : stringifyJson(choice)));
  const titled = oneOf ?? anyOf;
  if (!Array.isArray(titled)) return null;
  return titled.flatMap((choice) =>
    isJsonObject(choice) && typeof choice['const'] === 'string' ? [choice['const']] : [],
  );
}

function isAnswer(value: JsonValue | undefined): value is Content[string] {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string');
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

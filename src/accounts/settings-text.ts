import {
  applyEdits,
  findNodeAtLocation,
  modify,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { JsonValue } from '../support/json.ts';
import type { SettingsFault } from './settings.ts';

/** Where JSON text is broken, and why: `12:7: a comma is expected here`; null when it is not. */
export function brokenAt(text: string): string | null {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true });
  const [first] = errors;
  return first === undefined ? null : `${placeOf(text, first.offset)}: ${wordsOf(first)}`;
}

/** What can be read of JSON text that is broken somewhere. */
export function salvage(text: string): JsonValue {
  return (parse(text, [], { allowTrailingComma: true }) ?? null) as JsonValue;
}

/** `12:7: expected …, got …`, for what the JSON holds. */
export function describeFault(text: string, fault: SettingsFault): string {
  const root = parseTree(text);
  const node = root === undefined ? undefined : findNodeAtLocation(root, [...fault.path]);
  const place = node === undefined ? '' : `${placeOf(text, node.offset)}: `;
  const where = fault.path.length === 0 ? 'the file' : fault.path.join('.');
  return `${place}${where}: expected ${fault.expected}`;
}

/** Changes one entry and leaves everything else, comments too, as it was; `undefined` takes the entry out. */
export function setEntry(text: string, path: readonly string[], value: JsonValue | undefined): string {
  const source = text.trim() === '' ? '{\n  "version": 1\n}\n' : text;
  const edits = modify(source, [...path], value, {
    formattingOptions: { insertSpaces: true, tabSize: 2, insertFinalNewline: true },
  });
  return applyEdits(source, edits);
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

function wordsOf({ error }: ParseError): string {
  return words[printParseErrorCode(error)] ?? 'this is not JSON';
}

const words: Readonly<Record<string, string>> = {
  InvalidSymbol: 'this is no value of JSON',
  InvalidNumberFormat: 'this is no number',
  PropertyNameExpected: 'a name in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'a closing } is expected here',
  CloseBracketExpected: 'a closing ] is expected here',
  EndOfFileExpected: 'the file should end here',
  InvalidCommentToken: 'this is no comment',
  UnexpectedEndOfComment: 'the comment does not end',
  UnexpectedEndOfString: 'the string does not end',
  UnexpectedEndOfNumber: 'the number does not end',
  InvalidUnicode: 'this is no Unicode escape',
  InvalidEscapeCharacter: 'this is no escape of JSON',
  InvalidCharacter: 'this character may not stand here',
};

import type { CallOutcome, CallRequest } from '../call/index.ts';
import type { JsonObject } from '../support/json.ts';

/** What is known of functions by their names, as `kosmo integrations:types` prints it. */
export type FunctionTypes<Functions> = {
  readonly [Name in keyof Functions]: { readonly arguments: object; readonly result: unknown };
};

/** Nothing is known: any name may be called, with any arguments. */
export type NoFunctions = Record<never, never>;

export type NamesOf<Functions> = [keyof Functions] extends [never] ? string : keyof Functions & string;

export type ArgumentsOf<Functions, Name> = Name extends keyof Functions
  ? Functions[Name] extends { readonly arguments: infer Arguments extends object }
    ? Arguments
    : JsonObject
  : JsonObject;

export type ResultOf<Functions, Name> = Name extends keyof Functions
  ? Functions[Name] extends { readonly result: infer Result }
    ? Result
    : CallOutcome
  : Extract<CallOutcome, { ok: true }>['value'];

/** What came of a call whose result has a type. */
export type TypedOutcome<Result> =
  | (Omit<Extract<CallOutcome, { ok: true }>, 'value'> & { readonly value: Result })
  | Extract<CallOutcome, { ok: false }>;

/** A call by name: `workos.list_users`, or `workos.work.list_users` with the account `work`. */
export function requestOf(name: string, args: JsonObject): CallRequest {
  const [integration = '', ...rest] = name.replace(/^(app\.)?integrations\./, '').split('.');
  return {
    integration,
    account: rest.length > 1 ? rest.slice(0, -1).join('.') : null,
    function: rest.at(-1) ?? '',
    args,
  };
}

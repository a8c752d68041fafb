import type { ElicitRequest, ElicitResult } from '@modelcontextprotocol/client';
import { isJsonObject, type JsonObject } from '../../support/json.ts';

/** What a server wants to know of a person in the middle of a call. */
export interface Question {
  readonly server: string;
  /** In the server's words. */
  readonly message: string;
  /** A page the person is to open, in place of fields. */
  readonly url: string | null;
  /** A JSON Schema of a flat object, when there is no page. */
  readonly fields: JsonObject;
}

/** What a person answers: what was asked, a refusal, or nothing at all. */
export type Reply =
  | {
      readonly action: 'accept';
      readonly content: Readonly<Record<string, string | number | boolean | string[]>>;
    }
  | { readonly action: 'decline' | 'cancel' };

/** Asks a person. */
export type Asker = (question: Question) => Promise<Reply>;

/** How far a tool is. */
export interface ToolProgress {
  readonly server: string;
  readonly tool: string;
  readonly progress: number;
  /** Null when the server does not know. */
  readonly total: number | null;
  readonly message: string | null;
}

export function questionOf(server: string, { params }: ElicitRequest): Question {
  if ('url' in params) return { server, message: params.message, url: params.url, fields: {} };
  const fields = JSON.parse(JSON.stringify(params.requestedSchema)) as JsonObject;
  return { server, message: params.message, url: null, fields };
}

export function resultOf(question: Question, reply: Reply): ElicitResult {
  if (reply.action !== 'accept') return { action: reply.action };
  if (question.url !== null) return { action: 'accept' };
  return { action: 'accept', content: { ...defaultsOf(question.fields), ...reply.content } };
}

/** What holds for fields that nothing was said about. */
function defaultsOf({ properties }: JsonObject): NonNullable<ElicitResult['content']> {
  const defaults: NonNullable<ElicitResult['content']> = {};
  for (const [name, field] of Object.entries(isJsonObject(properties) ? properties : {})) {
    const value = isJsonObject(field) ? field['default'] : undefined;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      defaults[name] = value;
    else if (Array.isArray(value)) defaults[name] = value.filter((item) => typeof item === 'string');
  }
  return defaults;
}

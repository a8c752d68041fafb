import type { Context } from '../../kit/context.ts';
import { ApiError, notFound } from '../../kit/errors.ts';
import type { Resource } from '../../operation.ts';
import { checkTemplate, renderTemplate, type TemplateContext } from './render.ts';
import { parseTemplate, TemplateError } from './template.ts';

export const jwtTemplates = {
  JwtTemplatesController_getJwtTemplate: (context) => {
    const row = templateOf(context);
    if (row === null) throw notFound('JWT template', context.environment.id);
    return served(row);
  },

  JwtTemplatesController_updateJwtTemplate: (context, { body }) => {
    try {
      checkTemplate(parseTemplate(body.content));
    } catch (error) {
      if (error instanceof TemplateError) throw invalidTemplate(error.message);
      throw error;
    }
    const before = templateOf(context);
    if (before?.content === body.content) return served(before);
    const row: TemplateRow = {
      content: body.content,
      created_at: before?.created_at ?? context.now,
      updated_at: context.now,
    };
    context.database.run(
      'INSERT OR REPLACE INTO jwt_templates (environment_id, content, created_at, updated_at) VALUES (?, ?, ?, ?)',
      [context.environment.id, row.content, row.created_at, row.updated_at],
    );
    return served(row);
  },
} satisfies Resource<'JwtTemplatesController_getJwtTemplate' | 'JwtTemplatesController_updateJwtTemplate'>;

interface TemplateRow {
  readonly content: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** What the claims of a template may come to, in bytes: browsers keep tokens in cookies. */
export const largestClaims = 3072;

/** The claims an environment adds to its access tokens; none when it has no template. */
export function templateClaims(context: Context, about: TemplateContext): Record<string, unknown> {
  const row = templateOf(context);
  return row === null ? {} : renderTemplate(parseTemplate(row.content), about);
}

function templateOf(context: Context): TemplateRow | null {
  return context.database.get<TemplateRow>(
    'SELECT content, created_at, updated_at FROM jwt_templates WHERE environment_id = ?',
    [context.environment.id],
  );
}

function served({ content, created_at, updated_at }: TemplateRow) {
  return { object: 'jwt_template' as const, content, created_at, updated_at };
}

function invalidTemplate(problem: string): ApiError {
  return new ApiError(422, {
    message: problem,
    code: 'invalid_request_parameters',
    errors: [{ code: 'invalid_jwt_template', field: 'content', message: problem }],
  });
}

import { html } from 'hono/html';
import { csrfField, field, type Html, page } from '../pages/page.ts';
import type { Flow } from '../resources/authorization-flows/flows.table.ts';
import type { Visit } from './flow-visit.ts';

/** A page of the hosted pages: which application asks stands above it. */
export function authkitPage(
  c: Visit,
  flow: Flow | null,
  content: { readonly title: string; readonly body: Html; readonly isRefused?: boolean },
): Response | Promise<Response> {
  const { title, body, isRefused = false } = content;
  const header = flow === null ? undefined : applicationOf(flow);
  return page(c, {
    title,
    body,
    ...(isRefused ? { status: 422 } : {}),
    ...(header === undefined ? {} : { header: html`${header}` }),
  });
}

/** The application a visitor came from, by where it is. */
function applicationOf({ request }: Flow): string | undefined {
  if (request.target.kind === 'page') return undefined;
  const { host, protocol } = new URL(request.target.redirectUri);
  return host === '' ? protocol : host;
}

/** A form that is posted below a visit's path. */
export function form(c: Visit, action: string, body: Html): Html {
  return html`<form method="post" action="${action}">${csrfField(c)}${body}</form>`;
}

/** The field for a code of six digits. */
export function codeField(problem?: string): Html {
  return field({
    name: 'code',
    label: 'Code',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    maxlength: 12,
    required: true,
    autofocus: true,
    ...(problem === undefined ? {} : { problem }),
  });
}

/** A code as it was typed: people put spaces and dashes between digits. */
export function typedCode(c: Visit): string {
  return c.var.form.text('code').replaceAll(/[\s-]/g, '');
}

import type { Context } from 'hono';
import { html } from 'hono/html';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { PageEnv } from './host.ts';
import { stylesheetPath } from './style.ts';

/** A piece of a page. Made with `html` of `hono/html`, which escapes every value put into it. */
export type Html = ReturnType<typeof html>;

export interface PageContent {
  /** The window's title. */
  readonly title: string;
  readonly body: Html;
  /** `card`: one narrow column around a form, the usual; `wide`: the window, for tables. */
  readonly width?: 'card' | 'wide';
  readonly status?: ContentfulStatusCode;
  /** What stands above the body: the application's name, or links. */
  readonly header?: Html;
  /** Seconds after which the browser asks again. */
  readonly refresh?: number;
}

/** Answers with a page in the layout all of them share. */
export function page(c: Context<PageEnv>, content: PageContent): Response | Promise<Response> {
  const { title, body, width = 'card', status = 200, header, refresh } = content;
  // An error may come before anything was prepared.
  const flash = c.get('flash') ?? null;
  return c.html(
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${refresh === undefined ? '' : html`<meta http-equiv="refresh" content="${refresh}">`}
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${stylesheetPath}">
</head>
<body class="${width}">
${header === undefined ? '' : html`<header>${header}</header>`}
<main>
${flash === null ? '' : notice(flash.kind, flash.text)}
${body}
</main>
<footer>A local stand-in for WorkOS, served by kosmo</footer>
</body>
</html>`,
    status,
  );
}

/** A line that stands out: what went well, what did not, or what is good to know. */
export function notice(kind: 'done' | 'failed' | 'note', text: string): Html {
  return html`<p class="notice ${kind}" role="${kind === 'failed' ? 'alert' : 'status'}">${text}</p>`;
}

/** The hidden field every form that is posted needs. */
export function csrfField(c: Context<PageEnv>): Html {
  return html`<input type="hidden" name="csrf" value="${c.get('csrf')}">`;
}

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'password' | 'search' | 'number' | 'url';
  readonly value?: string;
  readonly autocomplete?: string;
  readonly inputmode?: 'numeric' | 'text' | 'email';
  readonly required?: boolean;
  readonly autofocus?: boolean;
  readonly maxlength?: number;
  /** A line below the field. */
  readonly hint?: string;
  /** What is wrong with what was typed. */
  readonly problem?: string;
}

/** A labelled field of a form; hint and problem are tied to it for screen readers. */
export function field(options: Field): Html {
  const { name, label, type = 'text', value = '', hint, problem } = options;
  const id = `field-${name}`;
  const described = [
    ...(hint === undefined ? [] : [`${id}-hint`]),
    ...(problem === undefined ? [] : [`${id}-problem`]),
  ].join(' ');
  return html`<div class="field">
<label for="${id}">${label}</label>
<input id="${id}" name="${name}" type="${type}" value="${value}"${attribute('autocomplete', options.autocomplete)}${attribute('inputmode', options.inputmode)}${attribute('maxlength', options.maxlength)}${attribute('aria-describedby', described || undefined)}${attribute('aria-invalid', problem === undefined ? undefined : 'true')}${flag('required', options.required)}${flag('autofocus', options.autofocus)}>
${hint === undefined ? '' : html`<p class="hint" id="${id}-hint">${hint}</p>`}
${problem === undefined ? '' : html`<p class="problem" id="${id}-problem">${problem}</p>`}
</div>`;
}

function attribute(name: string, value: string | number | undefined): Html | '' {
  return value === undefined ? '' : html` ${name}="${value}"`;
}

function flag(name: string, set: boolean | undefined): Html | '' {
  return set === true ? html` ${name}` : '';
}

import { html } from 'hono/html';
import type { Effect } from '../../manifest/index.ts';
import type { Html } from '../page.ts';

/** What a function does to data, as a coloured word. */
export function effectBadge(effect: Effect): Html {
  return html`<span class="effect ${effect}">${effect}</span>`;
}

/** A method and path, the placeholders apart from the rest. */
export function route(method: string, path: string): Html {
  const parts = path.split(/(\{[^}]*\})/).map((part) => (part.startsWith('{') ? html`<i>${part}</i>` : part));
  return html`<span class="route"><b>${method}</b> ${parts}</span>`;
}

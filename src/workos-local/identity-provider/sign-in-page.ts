import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Context as ServerContext } from '../kit/context.ts';
import type { PageEnv } from '../pages/host.ts';
import { csrfField, field, type Html, page } from '../pages/page.ts';
import type { ConnectionRow } from '../resources/connections/connections.table.ts';
import { type Person, profileOfPerson } from '../resources/sso/profiles.table.ts';
import type { SignInRow } from '../resources/sso/sign-in.ts';

interface SignInPage {
  readonly context: ServerContext;
  readonly signIn: SignInRow;
  readonly connection: ConnectionRow;
  readonly people: readonly Person[];
  /** The id of the profile this browser was last signed in as. */
  readonly remembered: string | null;
  /** What is wrong with the address that was typed. */
  readonly problem: string | null;
}

/** Asks who somebody is: one of those at hand, or anybody. */
export function signInPage(c: Context<PageEnv>, content: SignInPage): Response | Promise<Response> {
  const { context, connection, people, remembered, problem, signIn } = content;
  const { form } = c.var;
  const isRemembered = ({ idpId }: Person) =>
    remembered !== null && profileOfPerson(context, connection.id, idpId)?.id === remembered;
  const sorted = [...people].sort((one, other) => Number(isRemembered(other)) - Number(isRemembered(one)));
  const typed = (name: string, otherwise = '') => (problem === null ? otherwise : form.text(name));
  return page(c, {
    title: `Sign in to ${connection.name}`,
    status: problem === null ? 200 : 422,
    header: html`${connection.name} <span class="badge">test identity provider</span>`,
    body: html`<h1>Who are you?</h1>
      <p class="muted">This page stands in for the identity provider of a ${connection.connection_type} connection.</p>
      ${
        sorted.length === 0
          ? ''
          : html`<form method="post">${csrfField(c)}<ul class="choices">
            ${sorted.map((person) => choice(person, isRemembered(person)))}</ul></form>
            <p class="or">or somebody else</p>`
      }
      <form method="post" class="somebody">${csrfField(c)}
        ${field({
          name: 'email',
          label: 'E-mail address',
          type: 'email',
          autocomplete: 'off',
          value: typed('email', signIn.login_hint ?? ''),
          ...(problem === null ? {} : { problem }),
        })}
        <div class="row">
          ${field({ name: 'first_name', label: 'First name', value: typed('first_name') })}
          ${field({ name: 'last_name', label: 'Last name', value: typed('last_name') })}
        </div>
        <details><summary>More</summary>
          ${field({
            name: 'idp_id',
            label: 'Id at the provider',
            hint: 'Made of the address when it is left empty',
            value: typed('idp_id'),
          })}
          ${field({ name: 'groups', label: 'Groups', hint: 'With commas between them', value: typed('groups') })}
        </details>
        <p><button name="decision" value="typed">Sign in</button></p>
      </form>
      <hr>
      <form method="post" class="row">${csrfField(c)}
        <button name="decision" value="refuse" class="secondary">Refuse to sign in</button>
        <button name="decision" value="fail" class="danger">Fail with an error</button>
      </form>`,
  });
}

function choice(person: Person, isRemembered: boolean): Html {
  const name = [person.firstName, person.lastName].filter((part) => part !== null).join(' ');
  return html`<li><button name="decision" value="person:${person.idpId}">${name === '' ? person.email : name}
    ${isRemembered ? html`<span class="badge good">signed in</span>` : ''}<small>${person.email}</small></button></li>`;
}

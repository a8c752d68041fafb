import { html } from 'hono/html';
import {
  changeSettings,
  mfaChoices,
  readSettings,
  resetSettings,
  type SignInSettings,
} from '../control/sign-in-settings.ts';
import { flash } from '../pages/flash.ts';
import { csrfField, field, type Html } from '../pages/page.ts';
import { type ConsolePart, consolePage, environmentOf, pathTo, sayAsPage } from './frame.ts';

const switches: readonly (readonly [name: keyof SignInSettings, label: string])[] = [
  ['password', 'E-mail address and password'],
  ['magic_auth', 'A code by e-mail'],
  ['social', 'Accounts at providers, such as Google’s'],
  ['sso', 'Single sign-on'],
  ['sign_up', 'New users may sign up'],
  ['directory_provisioning', 'People of directories become users and members'],
];

const mfaLabels: Readonly<Record<SignInSettings['mfa'], string>> = {
  off: 'Nobody is asked',
  optional: 'Asked of whoever has enrolled one',
  required: 'Everybody enrolls one',
};

/** How users sign in, which WorkOS has in its dashboard. */
export const settingPages: ConsolePart = (app, host) => {
  app.get('/settings', (c) => {
    const environment = environmentOf(c, host);
    const settings = readSettings(host, environment);
    return consolePage(c, host, {
      place: '/settings',
      title: 'Sign-in',
      environment,
      body: html`<form method="post" class="narrow">${csrfField(c)}
<fieldset><legend>Allowed</legend>${switches.map(([name, label]) => checkbox(name, label, settings[name] === true))}</fieldset>
<div class="field"><label for="mfa">Second factor</label><select id="mfa" name="mfa">${mfaChoices.map(
        (choice) =>
          html`<option value="${choice}"${choice === settings.mfa ? html` selected` : ''}>${mfaLabels[choice]}</option>`,
      )}</select></div>
${lengthField('session_length', 'Sessions last', settings, 'As 30d, 12h or a number of seconds.')}
${lengthField('access_token_length', 'Access tokens last', settings, 'As 5m.')}
${lengthField('inactivity_timeout', 'Sessions end without a refresh for', settings, 'As 7d, or off.')}
<div class="row"><button name="action" value="save">Save</button>
<button class="secondary" name="action" value="reset">As in a new environment</button></div></form>`,
    });
  });

  app.post('/settings', async (c) => {
    const environment = environmentOf(c, host);
    const { form } = c.var;
    if (form.text('action') === 'reset') {
      resetSettings(host, environment);
      await flash(c, host, 'done', 'As in a new environment.');
    } else {
      const lengths = ['mfa', 'session_length', 'access_token_length', 'inactivity_timeout'];
      sayAsPage(() =>
        changeSettings(host, environment, {
          ...Object.fromEntries(switches.map(([name]) => [name, form.text(name) === 'on'])),
          ...Object.fromEntries(lengths.map((name) => [name, form.text(name)])),
        }),
      );
      await flash(c, host, 'done', 'Saved. It counts from now on.');
    }
    return c.redirect(pathTo(host, environment, '/settings'), 303);
  });
};

function checkbox(name: string, label: string, isOn: boolean): Html {
  return html`<p><label class="check"><input type="checkbox" name="${name}" value="on"${isOn ? html` checked` : ''}>${label}</label></p>`;
}

function lengthField(
  name: 'session_length' | 'access_token_length' | 'inactivity_timeout',
  label: string,
  settings: SignInSettings,
  hint: string,
): Html {
  return field({ name, label, value: durationText(settings[name]), required: true, hint });
}

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const;

/** Seconds in the largest unit that has them whole. */
function durationText(seconds: number | null): string {
  if (seconds === null) return 'off';
  const unit = units.find(([, size]) => seconds % size === 0);
  return unit === undefined ? `${seconds}s` : `${seconds / unit[1]}${unit[0]}`;
}

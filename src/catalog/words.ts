/** Words of a question that say nothing about what is looked for. */
const empty = new Set(
  'a an and are as at be by can do does for from get give has have how i in is it its me my of on or our so some someone somebody that the their them there these they this to us was we what when where which who why will with you your'.split(
    ' ',
  ),
);

/** What people say, and what documents say. Every word of a line finds the others; a word before `>` finds those after. */
const synonymLines = `
  create make new add register
  delete remove destroy drop kick erase
  update change edit modify rename set
  list all show browse every
  get read fetch retrieve lookup find
  validate check verify valid test allowed ok
  invitation invite
  invite > send
  organization org orgs company tenant customer workspace
  user people person employee colleague teammate coworker
  membership member join belong
  role admin
  permission right allow access
  authenticate login signin authentication
  logout signout
  session
  sso saml oidc
  factor mfa 2fa totp otp authenticator
  password passcode credentials
  email mail
  domain hostname dns
  directory scim dsync sync okta employee
  group team
  key keys secret
  token jwt
  event history
  audit log
  webhook callback hook notify
  flag feature toggle rollout
  connection idp provider
  revoke cancel withdraw invalidate end
  resend again
  rotate > create new key
  passwordless > magic auth code
  recent > list event
  trail > audit log
  download > export
  deactivate disable suspend block ban pause
  reactivate enable activate unblock resume
  url link
  external own
  application app
  limit budget quota
  parallel concurrent
  page pagination paginate
`;

const synonyms = new Map<string, readonly string[]>();
for (const line of synonymLines.trim().split('\n')) {
  const [from = [], to] = line.split('>').map((side) => side.trim().split(' ').map(stem));
  for (const word of from) {
    const others = (to ?? from).filter((other) => other !== word);
    synonyms.set(word, [...(synonyms.get(word) ?? []), ...others]);
  }
}

/** The words of a text, in lower case, cut down to their stems. */
export function wordsOf(text: string): string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !empty.has(word))
    .map(stem);
}

/** Other words for a stem. */
export function synonymsOf(word: string): readonly string[] {
  return synonyms.get(word) ?? [];
}

/** Cuts the usual endings: `invites`, `inviting`, `invited` are `invit`, and `logged` is `log`. */
export function stem(word: string): string {
  if (word.length < 5)
    return word.endsWith('s') && !word.endsWith('ss') && word.length > 3 ? word.slice(0, -1) : word;
  return word
    .replace(/ies$/, 'y')
    .replace(/(?<=[^s])s$/, '')
    .replace(/(ation|ations|ating|ated|ates|ate)$/, 'at')
    .replace(/(?<=.{3})(ing|ed|es)$/, '')
    .replace(/([bdglmnprt])\1$/, '$1')
    .replace(/(?<=.{3})e$/, '');
}

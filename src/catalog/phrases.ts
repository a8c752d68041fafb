/**
 * What people say in several words that a document says in others. The words found are put in the place of the phrase;
 * `…` stands for up to three words that are kept, `|` for a choice, and a word matches with its usual endings.
 */
const lines = `
  log|sign … out|off => revoke session logout
  logged|signed in => login session
  log|sign … in|on => login
  kick|throw|boot … out => delete
  remove|take … from|off|out => remove
  who can|may|has|have => list memberships resource
  who belongs|belong|works => list memberships
  who is in => list memberships
  who am i => user profile
  what can|may … do => list effective permissions
  allowed to => check authorization permission
  can|may … do|see|edit|access => check authorization permission
  what happened => list events
  get|be notified => webhook endpoint create
  tell me when => webhook endpoint create
  turn|switch on => enable
  turn|switch off => disable
  forgot|forgotten|lost password => create password reset token
  change|new password => reset password
  magic link => magic auth code
  two|second factor|step => mfa factor
  single sign on => sso
  set up … themselves|itself => portal link generate
  self service|serve => portal link generate
  admin portal => portal link
  make|turn … admin => update membership role assign
  by my|our own id => external id
  my|our own id => external id
  send … again => resend
  give … access to => add
  get rid of => delete
  put … into|in => add member
  at the same time => parallel
  at once => parallel
`;

interface Phrase {
  readonly pattern: RegExp;
  /** The words it becomes; `$1` is what stood between. */
  readonly words: string;
}

const phrases: readonly Phrase[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [said = '', words = ''] = line.trim().split(' => ');
    const pattern = said
      .split(' ')
      .map((word) =>
        word === '…' ? "((?:[\\w'’-]+\\s+){0,3}?)" : `(?:${word})(?:s|es|ed|ing)?(?:\\s+|(?=\\W)|$)`,
      )
      .join('');
    return {
      pattern: new RegExp(`\\b${pattern}`, 'gi'),
      words: `${words} ${said.includes('…') ? '$1' : ''} `,
    };
  });

/** A question with its phrases put into the words that documents use. */
export function withoutPhrases(question: string): string {
  let text = question;
  for (const { pattern, words } of phrases) text = text.replace(pattern, words);
  return text;
}

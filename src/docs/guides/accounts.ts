import type { Guide } from './guide.ts';

const text = `# Accounts and policy

An account is a named set of credentials, settings and a policy for one integration. A program names accounts and never sees what is in them.

## Which account a call uses

\`\`\`lua
app.integrations.NAME.FUNCTION{}              -- the run's account: default, or what --account says
app.integrations.NAME.staging.FUNCTION{}      -- the account staging
app.integrations.NAME.localhost.FUNCTION{}    -- the local server, where the integration has one
\`\`\`

- On the command line \`--account staging\` makes it the account of calls that name none; \`--local\` is short for \`--account localhost\`.
- Without an account that is configured, a call fails with \`not_configured\`. It never goes to the local server unasked.

## Setting one up

\`kosmo integrations:configure NAME --account staging\` asks for each field; \`kosmo integrations:fields NAME\` says what there is. A field can also come from the environment: the variables stand on the integration's page, and \`VARIABLE__STAGING\` is that of the account staging. \`kosmo integrations:status\` shows where each value comes from, and \`kosmo integrations:doctor\` tries it.

Secrets are kept encrypted, are added to a request outside the program, and are taken out of everything that is shown.

## What may be done

| Effect | Remote account | Local server |
| --- | --- | --- |
| read | allowed | allowed |
| write | asks | allowed |
| destructive | asks | allowed |

- Asking shows the request on a terminal. Where nobody can be asked, the call fails with \`approval_required\`.
- \`--force\` answers yes to every question; a denial stays one. \`--allow PATTERN\` and \`--deny PATTERN\` are for some functions, and \`--read-only\` denies whatever writes.
- \`--dry-run\` makes the reads and lists the writes it did not send.
- \`kosmo integrations:configure NAME --write=allow\` changes an account's own policy.
`;

export const accounts: Guide = {
  name: 'accounts',
  title: 'Accounts and policy',
  summary: 'Which account a call uses, how to set one up, what it may do.',
  keywords:
    'account credentials set api key secret configure environment variable policy approve force deny local localhost call use which',
  markdown: () => text,
};

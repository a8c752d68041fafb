import { Hono } from 'hono';
import { localOnly } from '../control/guard.ts';
import type { PageEnv, PageHost } from '../pages/host.ts';
import { createPageApp } from '../pages/page-app.ts';
import { PageError } from '../pages/page-error.ts';
import { clockPages } from './clock.ts';
import { dataPages } from './data.ts';
import { environmentPages } from './environments.ts';
import { eventPages } from './events.ts';
import { faultPages } from './faults.ts';
import { inboxPages } from './inbox.ts';
import { overviewPages } from './overview.ts';
import { requestPages } from './requests.ts';
import { settingPages } from './sign-in-settings.ts';
import { webhookPages } from './webhooks.ts';

/** The console at `/_local`: what the server holds, sent and received, and what it can be made to do. */
export function createConsole(host: PageHost): Hono<PageEnv> {
  const app = createPageApp(host);
  app.use(
    localOnly<PageEnv>((reason) => {
      throw new PageError(403, 'This console is not for you', reason);
    }),
  );
  const parts = [
    overviewPages,
    dataPages,
    inboxPages,
    eventPages,
    requestPages,
    settingPages,
    environmentPages,
    clockPages,
    faultPages,
    webhookPages,
  ];
  const pages = new Hono<PageEnv>();
  for (const add of parts) add(pages, host);
  return app.route('/_local', pages);
}

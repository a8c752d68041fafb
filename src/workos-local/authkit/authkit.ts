import type { CreateArea } from '../pages/host.ts';
import { createPageApp } from '../pages/page-app.ts';
import { addDevice } from './device-pages.ts';
import { addEnrollment } from './enrollment-page.ts';
import { addPasswords } from './password-pages.ts';
import { addSignIn } from './sign-in-pages.ts';
import { addSignUp } from './sign-up-pages.ts';
import { addSso } from './sso-pages.ts';
import { addSteps } from './step-pages.ts';
import { addVisitors } from './visitor-pages.ts';

/** The hosted pages of AuthKit: sign-in, sign-up, what comes after, devices and invitations. */
export const createAuthkit: CreateArea = (host) => {
  const app = createPageApp(host, { leadsAway: true });
  // Paths with a name of their own come before those that hold a visit's id.
  addSso(app, host);
  addPasswords(app, host);
  addVisitors(app, host);
  addSignIn(app, host);
  addSignUp(app, host);
  addSteps(app, host);
  addEnrollment(app, host);
  addDevice(app, host);
  return app;
};

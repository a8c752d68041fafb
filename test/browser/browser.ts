import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

/** Debian's; `CHROMIUM` names another one. */
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Nothing but what the test asks for: no updates, no look-ups at start. */
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface VisitorOptions {
  /** Off unless asked for: the pages must work without. */
  readonly scripts?: boolean;
  readonly dark?: boolean;
  readonly phone?: boolean;
}

/** One browser for the tests of a file. Each visitor has cookies of their own, and leaves when the test ends. */
export function useBrowser(): (options?: VisitorOptions) => Promise<Page> {
  let browser: Browser | null = null;
  const visits: BrowserContext[] = [];
  // Who has no such browser can still run every other test; where all must run, it has to be there.
  const isMissing = !existsSync(executablePath);
  beforeAll(async () => {
    if (!isMissing) browser = await chromium.launch({ executablePath, args });
    else if (process.env['CI']) {
      throw new Error(`The browser ${executablePath} is not there: apt-get install chromium.`);
    }
  });
  beforeEach(({ skip }) => {
    skip(isMissing, `There is no browser ${executablePath}: apt-get install chromium.`);
  });
  afterEach(async () => {
    await Promise.all(visits.splice(0).map((visit) => visit.close()));
  });
  afterAll(async () => {
    await browser?.close();
  });
  return async ({ scripts = false, dark = false, phone = false } = {}) => {
    if (browser === null) throw new Error('The browser opens before the tests.');
    const visit = await browser.newContext({
      javaScriptEnabled: scripts,
      colorScheme: dark ? 'dark' : 'light',
      viewport: phone ? { width: 375, height: 700 } : { width: 1280, height: 800 },
    });
    visit.setDefaultTimeout(15_000);
    visits.push(visit);
    return visit.newPage();
  };
}

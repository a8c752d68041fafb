/**
 * `npm run docs:screenshot`: makes the README's pictures of the documentation, in light and dark, from what is built.
 * It needs a Chromium: Debian's, or the one that `CHROMIUM` names.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './prepare/paths.mjs';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const images = join(root, 'docs/images');
/** In bytes: a README should not be slow to read. */
const largest = 200 * 1024;

const home = mkdtempSync(join(tmpdir(), 'kosmo-screenshot-'));
const server = spawn(
  process.execPath,
  [join(root, 'dist/cli/main.cjs'), 'docs:serve', '--port', '0', '--json'],
  {
    env: { PATH: process.env['PATH'] ?? '', HOME: home, KOSMO_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const browser = await chromium.launch({
  executablePath,
  args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
try {
  const [line] = await once(server.stdout, 'data');
  const { url } = JSON.parse(String(line));
  mkdirSync(images, { recursive: true });
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width: 1200, height: 720 },
      deviceScaleFactor: 1.25,
    });
    const page = await context.newPage();
    await page.goto(`${url}/`);
    await page.locator('.sample').getByRole('button', { name: 'Run' }).click();
    await page.getByText(/^Done in/).waitFor();
    await page.mouse.move(0, 0);
    const path = join(images, `documentation-${colorScheme}.png`);
    await page.screenshot({ path });
    const { size } = statSync(path);
    if (size > largest) throw new Error(`${path} is larger than 200 KB: ${size} bytes.`);
    process.stdout.write(`${path}: ${Math.round(size / 1024)} KB\n`);
    await context.close();
  }
} finally {
  await browser.close();
  server.kill();
  rmSync(home, { recursive: true, force: true });
}

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleForBrowsers } from './bundle.mjs';

/** What the pages of the documentation load, each in one file: a page opened from a folder may load no modules. */
const scripts = ['theme', 'site', 'search'];

/**
 * Puts the documentation's scripts and styles into a build, as `site/`.
 *
 * @param {string} root
 * @param {string} target the build that is being made
 */
export async function buildSiteAssets(root, target) {
  const source = join(root, 'src/site');
  const site = join(target, 'site');
  mkdirSync(site, { recursive: true });
  const styles = readdirSync(join(source, 'style'))
    .sort()
    .map((name) => readFileSync(join(source, 'style', name), 'utf8'));
  writeFileSync(join(site, 'site.css'), withoutComments(styles.join('\n')));
  for (const name of scripts) {
    await bundleForBrowsers(root, `src/site/browser/${name}.ts`, join(site, `${name}.js`));
  }
}

/** @param {string} css */
function withoutComments(css) {
  return css.replace(/\/\*[\s\S]*?\*\/\n?/g, '').replace(/\n\s*/g, '\n');
}

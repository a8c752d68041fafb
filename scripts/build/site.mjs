import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'lightningcss';
import { bundleForBrowsers } from './bundle.mjs';

/** What the pages of the documentation load, each in one file: a page opened from a folder may load no modules. */
const scripts = ['theme', 'site', 'search', 'run'];
/** Styles that only some pages need, beside those that all share. */
const styles = ['front', 'functions', 'run'];

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
  const shared = readdirSync(join(source, 'style/shared')).sort();
  writeStyles(
    join(site, 'site.css'),
    shared.map((name) => join(source, 'style/shared', name)),
  );
  for (const name of styles) writeStyles(join(site, `${name}.css`), [join(source, `style/${name}.css`)]);
  for (const name of scripts) {
    await bundleForBrowsers(root, `src/site/browser/${name}.ts`, join(site, `${name}.js`));
  }
}

/**
 * @param {string} target
 * @param {readonly string[]} sources in the order they apply in
 */
function writeStyles(target, sources) {
  const text = sources.map((path) => readFileSync(path, 'utf8')).join('\n');
  writeFileSync(target, transform({ filename: target, code: Buffer.from(text), minify: true }).code);
}

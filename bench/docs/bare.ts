/** The least that a site could be: each markdown file of a folder through markdown-it, and written to another. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import MarkdownIt from 'markdown-it';

const [from = '', to = ''] = process.argv.slice(2);
const markdownIt = new MarkdownIt();
for (const file of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.md')) continue;
  const target = join(to, file.replace(/md$/, 'html'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, markdownIt.render(readFileSync(join(from, file), 'utf8')));
}

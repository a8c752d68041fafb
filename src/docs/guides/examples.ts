import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Integration } from '../../catalog/index.ts';
import type { Guide } from './guide.ts';

/** The examples that the integrations bring. */
function text(integrations: readonly Integration[]): string {
  const parts = integrations.flatMap((integration) => {
    if (integration.folder === null) return [];
    const file = join(integration.folder, 'examples.md');
    return existsSync(file) ? [readFileSync(file, 'utf8').trim()] : [];
  });
  return `# Examples\n\n${parts.length === 0 ? 'No integration brings any.' : parts.join('\n\n')}\n`;
}

export const examples: Guide = {
  name: 'examples',
  title: 'Examples',
  summary: 'Short programs for common work: paging, joining, making what is missing.',
  keywords: 'show example sample recipe program script snippet',
  markdown: text,
};

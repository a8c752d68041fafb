import type { IntegrationFunctions } from './functions.ts';
import type { Page } from './page.ts';

/** The site for language models: what there is, and where its markdown is. The form is that of llmstxt.org. */
export function llmsIndex(
  summary: string,
  pages: readonly Page[],
  integrations: readonly IntegrationFunctions[],
  servers: readonly IntegrationFunctions[],
): string {
  const line = ({ path, title, summary: words }: Page) =>
    `- [${title}](${path}.md)${words === '' ? '' : `: ${words}`}`;
  const of = (section: Page['section']) => pages.filter((page) => page.section === section).map(line);
  const functions = [...integrations, ...servers].map((integration) => {
    const lines = integration.all.map(
      ({ path, name, entry }) => `- [${name}](${path}.md): ${entry.summary} (${entry.effect})`,
    );
    return `## ${integration.title} ${integration.kind}\n\n${lines.join('\n')}\n`;
  });
  const integrationPages = integrations.map(({ path, title, all }) => {
    return `- [${title}](${path}.md): its account, how to begin, and its ${all.length} functions`;
  });
  const serverPages = servers.map(
    ({ path, title, name, all }) => `- [${title}](${path}.md): its ${all.length} tools, as app.${name}`,
  );
  const parts = [
    `# kosmo\n\n> ${summary}\n`,
    `Everything below in one file: [llms-full.txt](llms-full.txt).\n`,
    `## Guides\n\n${of('guides').join('\n')}\n`,
    `## Integrations\n\n${integrationPages.join('\n')}\n`,
    ...(servers.length === 0 ? [] : [`## MCP servers\n\n${serverPages.join('\n')}\n`]),
    ...(of('manual').length === 0 ? [] : [`## Manual\n\n${of('manual').join('\n')}\n`]),
    ...functions,
  ];
  return parts.join('\n');
}

/** Every page's markdown, one after the other. */
export async function llmsFull(pages: readonly Page[]): Promise<string> {
  const texts: string[] = [];
  for (const page of pages) texts.push(`<!-- ${page.path}.md -->\n\n${(await page.markdown()).trim()}\n`);
  return texts.join('\n');
}

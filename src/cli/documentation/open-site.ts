import { join } from 'node:path';
import { type Runtime, version } from '../../runtime/index.ts';
import { type Runs, Site } from '../../site/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { manualFolder, productFolder } from '../../support/installation.ts';
import { toolsOf } from './server-tools.ts';

/**
 * The documentation of all that is installed.
 * @param runs of a site that is served: how its pages ask for a run
 * @param wanted the MCP servers that have pages, too; none unless given
 */
export async function openSite(runtime: Runtime, runs?: Runs, wanted?: string): Promise<Site> {
  const docs = await runtime.docs();
  const { catalog } = runtime;
  const installed = new Set(catalog.names());
  const servers = wanted === undefined ? [] : await toolsOf(runtime, wanted);
  const guides = docs.list().filter(({ name }) => !name.includes('.') && !installed.has(name));
  return new Site({
    catalog,
    guides,
    servers,
    read: async (page) => {
      const found = await docs.read(page);
      if ('code' in found) throw KosmoError.of(found);
      return found.markdown;
    },
    examples: async (integration) => {
      const examples = await docs.examples(integration);
      return 'code' in examples ? [] : examples;
    },
    manual: manualFolder(),
    assets: join(productFolder(), 'site'),
    version,
    ...(runs === undefined ? {} : { runs }),
  });
}

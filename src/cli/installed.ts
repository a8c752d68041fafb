import { type Catalog, didYouMean, type Integration, nearestNames } from '../catalog/index.ts';
import { KosmoError } from '../support/errors.ts';

/** The installed integration that a command names. @throws KosmoError `unknown_integration` */
export function installedIntegration(catalog: Catalog, name: string): Integration {
  const integration = catalog.get(name);
  if (integration !== undefined) return integration;
  const names = catalog.names();
  throw new KosmoError(
    'unknown_integration',
    `No integration is called ${name}.${didYouMean(nearestNames(name, names))}`,
    {
      hint: `Installed: ${names.join(', ') || 'none'}.`,
      details: { integration: name, integrations: names },
    },
  );
}

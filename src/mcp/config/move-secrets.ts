import { isSecretName } from '../../support/redaction.ts';
import type { Launch } from './server-config.ts';

/**
 * A launch whose secrets are written out, with names of secrets in their place: `Bearer xyz` becomes
 * `Bearer ${secret:tracker-authorization}`.
 * @param server whose they are; the names of the secrets begin with it
 * @returns the launch, and the secrets by name
 */
export function withSecretsApart(
  server: string,
  launch: Launch,
): { readonly launch: Launch; readonly secrets: ReadonlyMap<string, string> } {
  const secrets = new Map<string, string>();
  const apart = (table: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(table).map(([key, text]) => {
        const [, scheme = '', value = ''] = /^((?:Bearer|Basic|Token) +)?(.*)$/is.exec(text) ?? [];
        if (value === '' || value.includes('${') || !isSecret(key)) return [key, text];
        const name = `${server}-${key.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
        secrets.set(name, value);
        return [key, `${scheme}\${secret:${name}}`];
      }),
    );
  const moved =
    launch.kind === 'stdio'
      ? { ...launch, env: apart(launch.env) }
      : { ...launch, headers: apart(launch.headers) };
  return { launch: moved, secrets };
}

function isSecret(name: string): boolean {
  return isSecretName(name) || /^(x-)?api-?key$/i.test(name);
}

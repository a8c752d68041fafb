import { invalidField } from '../../kit/errors.ts';
import type { RedirectTarget } from './connect-applications.table.ts';

/** Schemes that run or show something where a browser is only to be sent on. */
const dangerous = new Set(['javascript:', 'data:', 'vbscript:', 'file:', 'blob:', 'about:']);

/**
 * The redirect URIs of an application, one of them its default: the one that is marked, or else the first.
 *
 * @throws ApiError 422
 */
export function redirectTargets(
  given: readonly { readonly uri: string; readonly default?: boolean | null }[] | null,
): RedirectTarget[] {
  const targets = given ?? [];
  const seen = new Set<string>();
  targets.forEach(({ uri }, at) => {
    const field = `redirect_uris.${at}.uri`;
    const url = URL.canParse(uri) ? new URL(uri) : null;
    if (url === null || url.hash !== '' || dangerous.has(url.protocol)) {
      throw invalidField(
        field,
        'invalid_redirect_uri',
        `${field} must be an absolute URI without a fragment.`,
      );
    }
    if (seen.has(uri)) throw invalidField(field, 'double', `${field} is there twice.`);
    seen.add(uri);
  });
  const marked = targets.filter((target) => target.default === true);
  if (marked.length > 1) {
    throw invalidField('redirect_uris', 'several_defaults', 'One redirect URI alone can be the default.');
  }
  const [chosen = targets[0]] = marked;
  return targets.map((target) => ({ uri: target.uri, default: target === chosen }));
}

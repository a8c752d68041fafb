const spellings: Readonly<Record<string, string>> = {
  api: 'API',
  cors: 'CORS',
  id: 'ID',
  ids: 'IDs',
  ip: 'IP',
  jwt: 'JWT',
  mfa: 'MFA',
  oauth: 'OAuth',
  scim: 'SCIM',
  sso: 'SSO',
  uri: 'URI',
  uris: 'URIs',
  url: 'URL',
  urls: 'URLs',
};

/**
 * A document's tag as a heading: `user-management.cors-origins` is `User management › CORS origins`.
 * @param own how the integration's own name is written
 */
export function tagTitle(tag: string, own: { readonly name: string; readonly title: string }): string {
  if (tag === '') return 'Other';
  const spelled = (word: string) => (word === own.name ? own.title : spellings[word]);
  return tag
    .split('.')
    .map((part) => {
      const words = part.split(/[-_\s]+/).filter((word) => word !== '');
      const text = words.map((word) => spelled(word.toLowerCase()) ?? word).join(' ');
      return text.charAt(0).toUpperCase() + text.slice(1);
    })
    .join(' › ');
}

/** As part of an address. */
export function tagId(tag: string): string {
  return `group-${tag.toLowerCase().replace(/[^a-z0-9]+/g, '-') || 'other'}`;
}

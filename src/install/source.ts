import { resolve } from 'node:path';
import { isUrl, readText } from '../spec/open-document.ts';
import { type Failure, KosmoError } from '../support/errors.ts';
import type { PackageFile } from './npm.ts';

/** What a URL was answered with. */
export interface Fetched {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How documents are got that are no files here. */
export interface Reach {
  /** Sends a GET without credentials, follows no redirect. */
  get(url: string, headers: Readonly<Record<string, string>>): Promise<Fetched | Failure>;
  /** A file of an npm package. */
  npm(packageName: string, file: string): Promise<PackageFile>;
}

/** A document's text. `null` in place of it: what is at the URL has not changed. */
export interface DocumentText {
  /** As it is kept: an absolute path, a URL, or `npm:PACKAGE#FILE`. */
  readonly location: string;
  readonly text: string;
  readonly etag: string | null;
  /** A package's version; empty for anything else. */
  readonly version: string;
}

/** Where a document is, as it is kept and found again from any folder. */
export function locationOf(spec: string): string {
  return isUrl(spec) || spec.startsWith('npm:') ? spec : resolve(spec);
}

/**
 * Reads a document from where it is.
 * @param etag what it was answered with before
 * @returns null when it is still what it was then
 * @throws KosmoError `input_unreadable`, `document_unreachable`
 */
export async function readSource(
  spec: string,
  reach: Reach,
  etag: string | null = null,
): Promise<DocumentText | null> {
  const location = locationOf(spec);
  if (spec.startsWith('npm:')) {
    const [packageName = '', file = ''] = spec.slice('npm:'.length).split('#');
    if (packageName === '' || file === '') {
      throw new KosmoError('usage', `${spec} is no npm:PACKAGE#FILE.`, {
        hint: 'For example npm:@workos/openapi-spec#open-api-spec.yaml.',
      });
    }
    const { text, version } = await reach.npm(packageName, file);
    return { location, text, etag: null, version };
  }
  if (!isUrl(spec)) return { location, text: readText(location), etag: null, version: '' };
  const answer = await getFollowing(spec, reach, etag === null ? {} : { 'if-none-match': etag });
  if (answer.status === 304) return null;
  return { location, text: answer.body, etag: answer.headers['etag'] ?? null, version: '' };
}

/** How many redirects a document may be behind. */
const mostRedirects = 5;

/** Gets a URL, through redirects that stay with https, or with the host they came from. */
export async function getFollowing(
  url: string,
  reach: Reach,
  headers: Readonly<Record<string, string>> = {},
  mayRead: (host: string) => boolean = () => true,
): Promise<Fetched> {
  let current = url;
  for (let count = 0; count <= mostRedirects; count++) {
    const answer = await reach.get(current, headers);
    if ('code' in answer) throw unreachable(url, answer.message);
    const { location } = answer.headers;
    if (answer.status < 300 || answer.status === 304) return answer;
    if (answer.status >= 400 || location === undefined)
      throw unreachable(url, `it answered ${answer.status}`);
    const next = new URL(location, current);
    const from = new URL(current);
    if (next.protocol !== 'https:' && next.host !== from.host)
      throw unreachable(url, `it leads on to ${next.href}, which is not https`);
    if (next.host !== from.host && !mayRead(next.host))
      throw unreachable(url, `it leads on to ${next.host}, which may not be read`);
    current = next.href;
  }
  throw unreachable(url, `it leads on more than ${mostRedirects} times`);
}

function unreachable(url: string, reason: string): KosmoError {
  return new KosmoError('document_unreachable', `Cannot read ${url}: ${reason.replace(/\.$/, '')}.`, {
    details: { url },
  });
}

import type { ResponseHead, WireResponse } from '../call/index.ts';

/** An answer as its content type says: text, or bytes as they are. */
export function answerOf(head: ResponseHead, content: Buffer): WireResponse {
  if (isText(head.headers['content-type'])) return { ...head, body: textOf(content) };
  return content.length === 0 ? { ...head, body: '' } : { ...head, body: '', bytes: content };
}

/** UTF-8, without the byte order mark that some servers put first. */
function textOf(content: Buffer): string {
  const text = content.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** What says nothing of itself is taken for text. */
function isText(contentType: string | undefined): boolean {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return type === '' || type.startsWith('text/') || texts.test(type);
}

const texts = /json|xml|yaml|javascript|csv|graphql|x-www-form-urlencoded|ndjson/;

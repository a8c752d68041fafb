import type { ResponseHead } from './transport.ts';

/**
 * What a file that was answered is called: as the answer says, else by the function and the type. It names no folder.
 * RFC 6266.
 */
export function fileNameOf({ headers }: ResponseHead, fullName: string): string {
  const said = /filename="?([^";]+)"?/i.exec(headers['content-disposition'] ?? '')?.[1] ?? '';
  const plain = said
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^\.+/, '')
    .slice(-80);
  if (plain !== '') return plain;
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return `${fullName.replace(/[^A-Za-z0-9_]+/g, '-')}.${endings[type] ?? 'bin'}`;
}

const endings: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'application/gzip': 'gz',
  'application/x-tar': 'tar',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'audio/mpeg': 'mp3',
  'video/mp4': 'mp4',
};

import { Hono } from 'hono';
import type { AreaEnv, PageHost } from '../../pages/host.ts';
import { exportById } from './audit-log-exports.table.ts';
import { checkUrl, exportsPath } from './export-url.ts';

/** Gives the files of exports to those who have their URLs. */
export function createExportArea(host: PageHost): Hono<AreaEnv> {
  return new Hono<AreaEnv>().get(`${exportsPath}/:file`, (c) => {
    const id = c.req.param('file').replace(/\.csv$/, '');
    const row = exportById(host.database, id);
    const { expires = '', signature = '' } = c.req.query();
    const verdict = row === null ? 'forged' : checkUrl(row, { expires, signature }, host.clock.now());
    if (row === null || verdict === 'forged') {
      return c.json({ message: 'There is no export at this URL.', code: 'not_found' }, 404);
    }
    if (verdict === 'expired') {
      const message = 'The URL has expired. Get the export again for another one.';
      return c.json({ message, code: 'export_url_expired' }, 403);
    }
    return c.body(row.csv, 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${row.id}.csv"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
  });
}

import { Hono } from 'hono';
import type { AreaEnv } from './host.ts';
import { stylesheet, stylesheetPath } from './style.ts';

/** What pages are made of besides their HTML. The path changes with the text, so browsers may keep it. */
export function createAssets(): Hono<AreaEnv> {
  return new Hono<AreaEnv>().get(stylesheetPath, (c) =>
    c.body(stylesheet, 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    }),
  );
}

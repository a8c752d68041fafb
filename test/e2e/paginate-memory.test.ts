import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kosmo, peakMemoryProbe, TestApi } from './kosmo.ts';

const rows = 100;
const megabyte = 1024;

describe('a list without end read with --paginate', () => {
  const kosmo = new Kosmo();
  let api: TestApi;

  beforeAll(async () => {
    const page = Array.from({ length: rows }, (_, index) => ({
      object: 'organization',
      id: `org_${index}`,
      name: 'n'.repeat(400),
    }));
    // Each page names another one.
    api = await TestApi.open(({ url }, response) => {
      const number = Number(new URL(url, 'http://x').searchParams.get('after') ?? '0');
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          object: 'list',
          data: page,
          list_metadata: { before: null, after: `${number + 1}` },
        }),
      );
    });
  });

  afterAll(() => {
    api.close();
    kosmo.remove();
  });

  /** Reads so many pages; the rows that came, and the most kilobytes the process took. */
  async function read(pages: number): Promise<{ count: number; peak: number }> {
    const peak = join(kosmo.home, `peak-${pages}`);
    const { stdout } = await kosmo.run(
      ['integrations:call', 'workos.list_organizations', '--paginate', '--max-calls', String(pages)],
      '',
      {
        WORKOS_BASE_URL: api.url,
        WORKOS_API_KEY: 'sk_test_pages',
        NODE_OPTIONS: `--require ${peakMemoryProbe}`,
        PEAK_MEMORY_FILE: peak,
      },
    );
    const count = stdout.split('\n').filter((line) => line.startsWith('{')).length;
    return { count, peak: Number(readFileSync(peak, 'utf8')) };
  }

  it('is written row by row: 40 MB of it take no more memory than a tenth', async () => {
    const tenth = await read(100);
    const whole = await read(1_000);
    expect([tenth.count, whole.count]).toEqual([100 * rows, 1_000 * rows]);
    expect(whole.peak - tenth.peak).toBeLessThan(40 * megabyte);
  });
});

import { describe, expect, it } from 'vitest';
import type { Operation, Pagination, Parameter } from '../manifest/index.ts';
import type { JsonObject, JsonValue } from '../support/json.ts';
import { pageOf } from './pagination.ts';

const query = (name: string, type: string) =>
  ({ name, argument: name.replaceAll('-', '_'), in: 'query', schema: { type } }) as unknown as Parameter;
const operation = (pagination: Pagination | null) =>
  ({
    pagination,
    parameters: [query('page', 'integer'), query('page-token', 'string')],
  }) as unknown as Operation;
const next = (pagination: Pagination, args: JsonObject, value: JsonValue, link?: string) =>
  pageOf(operation(pagination), args, value, {
    status: 200,
    headers: link === undefined ? {} : { link },
    body: '',
  })?.next;

describe('the next page', () => {
  it('is where a cursor points, until there is none', () => {
    const cursor: Pagination = { style: 'cursor', argument: 'after', next: 'meta.after', items: 'data' };
    expect(next(cursor, { limit: 5 }, { data: [1], meta: { after: 'x' } })).toEqual({ limit: 5, after: 'x' });
    for (const meta of [{ after: null }, { after: '' }, {}, null])
      expect(next(cursor, {}, { data: [1], meta })).toBeNull();
  });

  it('has the next number, until a page is empty', () => {
    const page: Pagination = { style: 'page', argument: 'page', first: 1, items: '' };
    expect(next(page, {}, [1, 2])).toEqual({ page: 2 });
    expect(next(page, { page: 7 }, [1, 2])).toEqual({ page: 8 });
    expect(next(page, { page: 8 }, [])).toBeNull();
    expect(next({ ...page, first: 0 }, {}, [1])).toEqual({ page: 1 });
  });

  it('leaves out as many rows as were given', () => {
    const offset: Pagination = { style: 'offset', argument: 'offset', items: 'rows' };
    expect(next(offset, {}, { rows: [1, 2] })).toEqual({ offset: 2 });
    expect(next(offset, { offset: 2 }, { rows: [3] })).toEqual({ offset: 3 });
    expect(next(offset, { offset: 3 }, { rows: [] })).toBeNull();
  });

  it('is the one a Link header names', () => {
    const link: Pagination = { style: 'link', items: '' };
    const header =
      '<https://api.test/x?page=1>; rel="prev", <https://api.test/x?page=3&page-token=a%20b&other=1>; rel="next"; title="<b>"';
    expect(next(link, { q: 'z' }, [1], header)).toEqual({ q: 'z', page: 3, page_token: 'a b' });
    expect(next(link, {}, [1], '<?page=4>; rel=next')).toEqual({ page: 4 });
    for (const last of [undefined, '', '<x?page=1>; rel="prev"', '<http://[>; rel=next'])
      expect(next(link, {}, [1], last)).toBeNull();
  });

  it('is not spoken of where there are no pages', () => {
    expect(pageOf(operation(null), {}, [1], { status: 200, headers: {}, body: '' })).toBeNull();
  });
});

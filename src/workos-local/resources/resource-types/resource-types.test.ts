import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiError } from '../../kit/errors.ts';
import { FileClient } from '../../testing/file-client.ts';
import { defineResourceType } from './resource-types.ts';

let client: FileClient;
beforeEach(async () => {
  client = FileClient.open('sk_test_types');
  await client.get('/organizations');
});
afterEach(() => client.close());

function statusOf(slug: string, parentSlugs?: readonly string[]): number {
  try {
    const parents = parentSlugs === undefined ? {} : { parentSlugs };
    client.database.write(() => defineResourceType(client.context(), { slug, name: slug, ...parents }));
    return 201;
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
}

it('a type stands below types that are there, up to five levels with the organization', () => {
  expect(statusOf('a')).toBe(201);
  expect(statusOf('b', ['a', 'organization'])).toBe(201);
  expect(statusOf('c', ['b'])).toBe(201);
  expect(statusOf('d', ['c'])).toBe(201);
  expect(statusOf('e', ['d'])).toBe(422);
  expect(statusOf('f', ['none'])).toBe(404);
  expect(statusOf('g', [])).toBe(422);
});

it('a type’s slug is its own, and such as can stand in a path', () => {
  expect(statusOf('a')).toBe(201);
  expect(statusOf('a')).toBe(409);
  expect(statusOf('organization')).toBe(409);
  for (const slug of ['', 'A', 'a/b', '-a', 'x'.repeat(49)]) expect(statusOf(slug)).toBe(422);
});

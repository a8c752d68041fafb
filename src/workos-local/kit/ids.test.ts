import { describe, expect, it } from 'vitest';
import { IdSource, timeOfId } from './ids.ts';
import type { Random } from './random.ts';

const fixed = (byte: number): Random => ({ bytes: (count) => new Uint8Array(count).fill(byte) });
const time = Date.UTC(2026, 5, 1, 12);

describe('ids', () => {
  it('are a prefix and a ULID', () => {
    expect(new IdSource(fixed(0)).next('org_', 0)).toBe('org_00000000000000000000000000');
    expect(new IdSource(fixed(255)).next('org_', 2 ** 48 - 1)).toBe('org_7ZZZZZZZZZFZZZZZZZZZZZZZZZ');
  });

  it('of one millisecond sort in the order they were made', () => {
    const ids = new IdSource(fixed(31));
    const made = Array.from({ length: 5000 }, () => ids.next('org_', time));
    expect(new Set(made).size).toBe(5000);
    expect(made.every((id, at) => at === 0 || id > (made[at - 1] ?? ''))).toBe(true);
  });

  it('tell when they were made, also after the clock was set back', () => {
    const ids = new IdSource(fixed(7));
    expect(timeOfId('org_', ids.next('org_', time))).toBe(time);
    expect(timeOfId('org_', ids.next('org_', time - 1000))).toBe(time - 1000);
  });

  it.each([
    'org_',
    'user_01JWP0000000000000000000000',
    'org_8ZZZZZZZZZZZZZZZZZZZZZZZZZ',
    'org_01jwp0000000000000000000',
    '',
  ])('of another make (%j) tell nothing', (id) => {
    expect(timeOfId('org_', id)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { Redactor } from './redaction.ts';

describe('redaction', () => {
  const redactor = new Redactor(['sk_live_a/b"c', 'sk_live']);

  it('takes a secret out in every form it is written', () => {
    expect(redactor.text('key sk_live_a/b"c!')).toBe('key [redacted]!');
    expect(redactor.text('?key=sk_live_a%2Fb%22c')).toBe('?key=[redacted]');
    expect(redactor.text(JSON.stringify({ key: 'sk_live_a/b"c' }))).toBe('{"key":"[redacted]"}');
    expect(redactor.text(`Basic ${Buffer.from('sk_live_a/b"c').toString('base64')}`)).toBe(
      'Basic [redacted]',
    );
  });

  it('takes it out of data, keys and all, and leaves the rest as it was', () => {
    expect(redactor.data({ a: ['x sk_live y', 1, null], sk_live: true })).toEqual({
      a: ['x [redacted] y', 1, null],
      '[redacted]': true,
    });
  });

  it('leaves alone what is too short to be a secret', () => {
    expect(new Redactor(['ab', '']).text('absent')).toBe('absent');
  });
});

import { describe, expect, it } from 'vitest';
import { parseDocumentText, readDocumentFile, readDocumentPackage } from './document.ts';

describe('reading a document', () => {
  it('takes YAML and JSON alike', () => {
    expect(parseDocumentText('a: [1, two]', 'x')).toEqual({ a: [1, 'two'] });
    expect(parseDocumentText('{"a": [1, "two"]}', 'x')).toEqual({ a: [1, 'two'] });
  });

  it('names the line of text that does not parse', () => {
    expect(() => parseDocumentText('a: 1\nb: [1,\nc: 2', 'pets.yaml')).toThrow(
      /pets\.yaml does not parse: .* at line \d/s,
    );
  });

  it('refuses a document whose top level is no mapping', () => {
    expect(() => parseDocumentText('- 1', 'x.yaml')).toThrow('its top level is no mapping');
  });

  it('says which file or package is missing', () => {
    expect(() => readDocumentFile('/nowhere/x.yaml')).toThrow('Cannot read /nowhere/x.yaml (ENOENT).');
    expect(() => readDocumentPackage('not-a-package', 'x', import.meta.filename)).toThrow(
      'not-a-package is not installed',
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../support/json.ts';
import { applyOverlay } from './overlay.ts';

const document: JsonObject = {
  info: { title: 'Pets' },
  paths: { '/pets': { get: { tags: ['a'], parameters: [{ name: 'x' }, { name: 'y' }, { name: 'z' }] } } },
};
const apply = (...actions: JsonValue[]) =>
  applyOverlay(
    document,
    { overlay: '1.0.0', info: { title: 't', version: '1' }, actions },
    'pets.overlay.yaml',
  );

describe('an overlay', () => {
  it('merges into objects and leaves the document it was given as it was', () => {
    const result = apply({ target: '$.info', update: { version: '2', contact: { name: 'Ann' } } });
    expect(result['info']).toEqual({ title: 'Pets', version: '2', contact: { name: 'Ann' } });
    expect(document['info']).toEqual({ title: 'Pets' });
  });

  it('appends to arrays', () => {
    expect(apply({ target: '$.paths[*].get.tags', update: 'b' })).toHaveProperty(
      ['paths', '/pets', 'get', 'tags'],
      ['a', 'b'],
    );
  });

  it('changes one place of those that a YAML alias made the same', () => {
    const shared = { type: 'string' };
    const result = applyOverlay(
      { a: shared, b: shared },
      { overlay: '1.0.0', actions: [{ target: '$.a', update: { type: 'number' } }] },
      'x.yaml',
    );
    expect(result).toEqual({ a: { type: 'number' }, b: { type: 'string' } });
  });

  it('removes every match, whatever their order', () => {
    const result = apply({ target: "$..parameters[?@.name != 'y']", remove: true });
    expect(result).toHaveProperty(['paths', '/pets', 'get', 'parameters'], [{ name: 'y' }]);
  });

  it('applies its actions in order, each to the result of the one before', () => {
    const result = apply({ target: '$.info', update: { a: {} } }, { target: '$.info.a', update: { b: 1 } });
    expect(result['info']).toEqual({ title: 'Pets', a: { b: 1 } });
  });

  it('names every target that matches nothing', () => {
    const act = () => apply({ target: '$.nothing', remove: true }, { target: '$.no.more', update: {} });
    expect(act).toThrow('action 1: $.nothing\n  action 2: $.no.more');
  });

  it.each([
    [{ target: '$.info[', update: {} }, 'is not JSONPath'],
    [{ target: '$.info' }, 'exactly one of `update` and `remove: true`'],
    [{ target: '$.info', update: {}, remove: true }, 'exactly one of `update` and `remove: true`'],
    [{ update: {} }, 'action 1 has no target'],
    ['remove', 'action 1 has no target'],
  ])('refuses the action %j', (action, message) => {
    expect(() => apply(action)).toThrow(message);
  });

  it('refuses a document that is no overlay', () => {
    expect(() => applyOverlay(document, { openapi: '3.1.0' }, 'x.yaml')).toThrow(
      'x.yaml: not an OpenAPI Overlay 1',
    );
    expect(() => applyOverlay(document, { overlay: '1.0.0', actions: [] }, 'x.yaml')).toThrow('no `actions`');
  });
});

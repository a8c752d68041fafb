import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { Catalog } from '../catalog/index.ts';
import { exampleArguments } from '../docs/index.ts';
import { bind } from './bind.ts';
import { functionSchema } from './index.ts';
import { OperationPlan } from './plan.ts';

const workos = Catalog.open(join(import.meta.dirname, '../../dist/integrations')).get('workos');
if (workos === undefined) throw new Error('workos is not built');
const { reader } = workos;

describe('the schema of a function', () => {
  it.each(reader.index.operations.map((entry) => [entry.slug, entry] as const))(
    '%s stands by itself, and takes what its examples give',
    (_, entry) => {
      const { parameters, response } = functionSchema(workos, entry);
      const ajv = new Ajv2020({ strict: false, validateFormats: false });
      const accepts = ajv.compile(parameters);
      if (response !== null) ajv.compile(response);
      const plan = new OperationPlan(reader.operation(entry), reader);
      const { values, body } = bind(plan, exampleArguments(plan.operation, plan.lookup, 'full'));
      const args = body === undefined ? values : { ...values, body };
      // What the account fills into a body is required there by the document.
      if (Object.keys(plan.operation.body?.accountDefaults ?? {}).length > 0) return;
      expect(accepts(args), JSON.stringify(accepts.errors)).toBe(true);
      expect(accepts({ ...args, no_such_argument: 1 })).toBe(false);
    },
  );

  it('says what a redirect gives', () => {
    const entry = workos.find('initiate_sso')[0];
    expect(entry === undefined ? null : functionSchema(workos, entry).response).toMatchObject({
      properties: { url: { type: 'string' } },
    });
  });
});

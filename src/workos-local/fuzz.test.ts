import { expect, it } from 'vitest';
import { Catalogue } from './catalogue.ts';
import { LocalClient, manifest } from './testing/local-client.ts';
import { Chance, nearValue } from './testing/odd-values.ts';

const lookup = (name: string) => manifest.schema(name);
const handled = new Set(new Catalogue().operationIds);
const operations = manifest.index.operations.filter((entry) => handled.has(entry.operationId));

/** Ids that are there, so that the odd parts of a request reach the work itself. */
async function knownIds(client: LocalClient): Promise<Map<string, string[]>> {
  const ids = new Map<string, string[]>();
  for (const event of await client.events()) {
    const { object, id } = event.data;
    if (typeof id === 'string') ids.set(object, [...(ids.get(object) ?? []), id]);
  }
  return ids;
}

it.each(operations.map((entry) => [entry.operationId, entry] as const))(
  '%s answers odd requests with what the document allows, never with a server error',
  async (_id, entry) => {
    const operation = manifest.operation(entry);
    const client = new LocalClient();
    const chance = new Chance(entry.operationId.length * 7919);
    for (let round = 0; round < 40; round += 1) {
      const everything = [...(await knownIds(client)).values()].flat();
      const someId = () =>
        encodeURIComponent(
          chance.next() < 0.7
            ? chance.pick(everything)
            : chance.pick(['x', '../x', '\0', '🜁', "' OR 1=1", 'a'.repeat(3000)]),
        );
      const path = operation.path.replace(/\{[^}]+\}/g, someId);
      const query = new URLSearchParams();
      for (const parameter of operation.parameters.filter(({ in: place }) => place === 'query')) {
        if (chance.next() < 0.5) continue;
        const value = nearValue(parameter.schema, lookup, chance);
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        query.append(parameter.name, chance.next() < 0.2 ? chance.pick(everything) : text);
      }
      const body = operation.body === null ? undefined : nearValue(operation.body.schema, lookup, chance);
      // The client throws for a server error, and for an answer that is not what the document says.
      const reply = await client.call(operation.method, `${path}?${query.toString()}`, { body });
      expect(reply.status).toBeLessThan(500);
    }
    client.server.close();
  },
);

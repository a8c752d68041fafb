import { expect, it } from 'vitest';
import { Catalogue } from './catalogue.ts';
import { LocalClient, manifest } from './testing/local-client.ts';
import { Chance, nearValue } from './testing/odd-values.ts';

const lookup = (name: string) => manifest.schema(name);
const handled = new Set(new Catalogue().operationIds);
const operations = manifest.index.operations.filter((entry) => handled.has(entry.operationId));

/** Ids that are there, so that the odd parts of a request reach the work itself: those that events tell of. */
class KnownIds {
  readonly all: string[] = [];
  readonly #client: LocalClient;
  #last: string | null = null;

  constructor(client: LocalClient) {
    this.#client = client;
  }

  /** Reads what has happened since the last time. */
  async read(): Promise<void> {
    for (let isMore = true; isMore; ) {
      const after: string = this.#last === null ? '' : `&after=${this.#last}`;
      const { body } = await this.#client.get(`/events?order=asc&limit=100${after}`);
      for (const { id, data } of body.data) {
        this.#last = id;
        if (typeof data.id === 'string') this.all.push(data.id);
      }
      isMore = body.list_metadata.after !== null;
    }
  }
}

/** How many requests each operation gets; `FUZZ=1000` sends more, and others. */
const rounds = Number(process.env['FUZZ'] ?? 40);

it.each(operations.map((entry) => [entry.operationId, entry] as const))(
  '%s answers odd requests with what the document allows, never with a server error',
  async (_id, entry) => {
    const operation = manifest.operation(entry);
    const client = new LocalClient();
    const known = new KnownIds(client);
    const chance = new Chance(entry.operationId.length * 7919 + rounds - 40);
    for (let round = 0; round < rounds; round += 1) {
      await known.read();
      const someId = () =>
        encodeURIComponent(
          chance.next() < 0.7
            ? chance.pick(known.all)
            : chance.pick(['x', '../x', '\0', '🜁', "' OR 1=1", 'a'.repeat(3000)]),
        );
      const path = operation.path.replace(/\{[^}]+\}/g, someId);
      const query = new URLSearchParams();
      for (const parameter of operation.parameters.filter(({ in: place }) => place === 'query')) {
        if (chance.next() < 0.5) continue;
        const value = nearValue(parameter.schema, lookup, chance);
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        query.append(parameter.name, chance.next() < 0.2 ? chance.pick(known.all) : text);
      }
      const body = operation.body === null ? undefined : nearValue(operation.body.schema, lookup, chance);
      // The client throws for a server error, and for an answer that is not what the document says.
      const reply = await client.call(operation.method, `${path}?${query.toString()}`, { body });
      expect(reply.status).toBeLessThan(500);
    }
    client.server.close();
  },
  10_000 + rounds * 500,
);

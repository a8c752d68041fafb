import type { LocalRequest, LocalResponse } from '../dispatch.ts';
import { type AreaEntry, areas as allAreas } from './areas.ts';
import type { PageHost } from './host.ts';

type Answer = (request: LocalRequest, requestId: string) => Promise<LocalResponse>;

/** Takes requests to the areas. Their code, and the HTTP library they are written with, is loaded on first use. */
export class Pages {
  readonly #host: PageHost;
  readonly #areas: readonly AreaEntry[];
  readonly #loaded = new Map<AreaEntry, Promise<Answer>>();

  constructor(host: PageHost, areas = allAreas) {
    this.#host = host;
    this.#areas = areas;
  }

  /** Null when no area has the path. */
  answer(request: LocalRequest, requestId: string): Promise<LocalResponse> | null {
    const area = this.#areas.find(({ prefix }) => isBelow(request.path, prefix));
    if (area === undefined) return null;
    let loaded = this.#loaded.get(area);
    if (loaded === undefined) {
      loaded = this.#load(area);
      this.#loaded.set(area, loaded);
    }
    return loaded.then((answer) => answer(request, requestId));
  }

  async #load(area: AreaEntry): Promise<Answer> {
    const [{ answerWith }, create] = await Promise.all([import('./door.ts'), area.load()]);
    return answerWith(create(this.#host), this.#host.baseUrl);
  }
}

function isBelow(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && ['', '/', '?'].includes(path.charAt(prefix.length));
}

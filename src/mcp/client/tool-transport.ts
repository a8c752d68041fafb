import type { Transport, TransportFailure, WireRequest, WireResponse } from '../../call/index.ts';
import { isJsonObject, type JsonValue, stringifyJson } from '../../support/json.ts';
import type { ToolProgress } from './asking.ts';
import type { Connection } from './connection.ts';
import { errorTextOf, resultValue } from './tool-result.ts';

/** Has calls answered by a server's tools. */
export class ToolTransport implements Transport {
  readonly #server: Connection;
  readonly #folder: string;
  readonly #onProgress: (progress: ToolProgress) => void;

  /**
   * @param folder where bytes in results go
   * @param onProgress hears how far they are
   */
  constructor(server: Connection, folder: string, onProgress: (progress: ToolProgress) => void) {
    this.#server = server;
    this.#folder = folder;
    this.#onProgress = onProgress;
  }

  async send(request: WireRequest, signal: AbortSignal): Promise<WireResponse | TransportFailure> {
    const tool = decodeURIComponent(request.url.slice(request.url.lastIndexOf('/') + 1));
    // The protocol's library writes JSON that has no integers beyond doubles.
    const args: unknown = JSON.parse(typeof request.body === 'string' ? request.body : '{}');
    const server = this.#server;
    const refused: string[] = [];
    const unhear = server.hearRefusals((reason) => refused.push(reason));
    const answer = await server
      .callTool(tool, isJsonObject(args) ? args : {}, signal, this.#onProgress)
      .finally(unhear);
    if ('value' in answer) {
      const value = server.shown(answer.value);
      if (value.isError === true)
        return responseOf(400, { message: errorTextOf(value, [...new Set(refused)]) });
      return responseOf(200, resultValue(value, this.#folder));
    }
    const { failed, reason } = answer;
    switch (failed) {
      case 'refused':
        // The server has answered: with an error of the protocol in place of a result.
        return responseOf(400, { message: reason });
      case 'unreachable':
        return { failed, reason, lasting: true };
      case 'cancelled':
        return { failed, reason, sent: true };
      case 'lost':
        return { failed, reason, head: null };
    }
  }
}

function responseOf(status: number, value: JsonValue): WireResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: stringifyJson(value), value };
}

import {
  type JSONRPCMessage,
  type JSONRPCResultResponse,
  parseJSONRPCMessage,
} from '@modelcontextprotocol/client';
import { isJsonObject } from '../../support/json.ts';

/** Puts the lines of a stream together. What is split over many chunks is joined once, when its end has come. */
export class MessageLines {
  readonly #largest: number;
  #chunks: Buffer[] = [];
  #held = 0;

  /** @param largest how long a line may be, in bytes */
  constructor(largest: number) {
    this.#largest = largest;
  }

  /**
   * The lines that a chunk ends; null when one has become too long.
   */
  add(chunk: Buffer): string[] | null {
    const lines: string[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(0x0a, start);
      const part = chunk.subarray(start, end === -1 ? undefined : end);
      this.#held += part.length;
      if (this.#held > this.#largest) return null;
      if (part.length > 0) this.#chunks.push(part);
      if (end === -1) return lines;
      lines.push(Buffer.concat(this.#chunks).toString('utf8'));
      this.#chunks = [];
      this.#held = 0;
      start = end + 1;
    }
  }
}

/** A line as a message of the protocol; null when it is none. */
export function messageOf(line: string): JSONRPCMessage | null {
  try {
    const value: unknown = JSON.parse(line);
    return isResult(value) ? value : parseJSONRPCMessage(value);
  } catch {
    return null;
  }
}

/** Seen at a glance: most messages are results, and to have one parsed takes as long as all else that a call does here. */
function isResult(value: unknown): value is JSONRPCResultResponse {
  if (!isJsonObject(value)) return false;
  const { jsonrpc, id, result } = value;
  const isId = typeof id === 'string' || Number.isInteger(id);
  return jsonrpc === '2.0' && isId && isJsonObject(result) && Object.keys(value).length === 3;
}

import type { JSONRPCMessage } from '@modelcontextprotocol/client';
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

/**
 * A line as a message of the protocol; null when it is none. Whatever has the marks of one is: the library looks at
 * every message itself, and a second thorough look takes as long as all else that a call does here.
 */
export function messageOf(line: string): JSONRPCMessage | null {
  try {
    const value: unknown = JSON.parse(line);
    return isMessage(value) ? value : null;
  } catch {
    return null;
  }
}

function isMessage(value: unknown): value is JSONRPCMessage {
  if (!isJsonObject(value) || value['jsonrpc'] !== '2.0') return false;
  const { id, method, result, error } = value;
  return typeof method === 'string' || (id !== undefined && (isJsonObject(result) || isJsonObject(error)));
}

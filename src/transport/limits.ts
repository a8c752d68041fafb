/** What an exchange may take: milliseconds, and bytes of an answer. */
export interface HttpLimits {
  /** Until the connection stands, the TLS handshake included. */
  readonly connectTimeout: number;
  /** From the request to the answer's headers. */
  readonly headersTimeout: number;
  /** Without a byte of the answer's body. */
  readonly bodyTimeout: number;
  /** Of an answer's body, as it is sent and as it is inflated. */
  readonly maxAnswer: number;
}

export const httpLimits: HttpLimits = {
  connectTimeout: 10_000,
  headersTimeout: 60_000,
  bodyTimeout: 60_000,
  maxAnswer: 50 * 1024 * 1024,
};

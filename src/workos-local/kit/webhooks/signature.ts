import { createHmac } from 'node:crypto';

/**
 * The `WorkOS-Signature` header of a delivery.
 *
 * @param time milliseconds since 1970
 */
export function signatureHeader(secret: string, time: number, body: string): string {
  const digest = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  return `t=${time}, v1=${digest}`;
}

import { callsFromLua } from './client.mjs';
import { serve } from './serve.mjs';

/** @import { Finding } from '../run.mjs' */

/** @returns {Promise<Finding[]>} */
export default async function bench() {
  return [...(await callsFromLua()), ...(await serve())];
}

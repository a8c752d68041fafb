import { serve } from './serve.mjs';

/** @import { Finding } from '../run.mjs' */

/** @returns {Promise<Finding[]>} */
export default async function bench() {
  return serve();
}

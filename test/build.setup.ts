import { prepare } from '../scripts/prepare/prepare.mjs';
import { say } from '../scripts/prepare/report.mjs';
import { StepFailure } from '../scripts/prepare/run.mjs';

/**
 * Builds once, when the build is older than its sources. Dependencies stay as they are: the tests run from them.
 *
 * Sources that do not build are said and no more: `npm test` stops at them before it comes here, and whoever runs
 * the tests of one room by hand need not wait until every other room is whole.
 */
export default async function setup(): Promise<void> {
  try {
    await prepare({ install: false });
  } catch (thrown) {
    if (!(thrown instanceof StepFailure)) throw thrown;
    say(`${thrown.message}\nTests that start kosmo itself run the last build there is.`);
  }
}

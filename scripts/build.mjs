/** `npm run build`: builds dist/ whether or not it is current. */
import { prepare } from './prepare/prepare.mjs';
import { reportingFailure } from './prepare/report.mjs';

await reportingFailure(() => prepare({ rebuild: true }));

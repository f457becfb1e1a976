/** `--max-age`: a source's snapshot that is too old is refused before anything is made. @module */

import { ScrubError } from "../../core/errors.ts";
import { durationText } from "../../core/duration_text.ts";
import type { Source } from "./source.ts";

/**
 * `maxAge`: milliseconds; absent: any age will do. `now`: by RDS's clock.
 *
 * @throws {ScrubError} `source` for a snapshot whose data is older.
 */
export function checkAge({ name, snapshot }: Source, maxAge: number | undefined, now: Date): void {
  if (maxAge === undefined || now.getTime() - snapshot.takenAt.getTime() <= maxAge) return;
  throw new ScrubError(
    "source",
    `Cannot use snapshot "${snapshot.id}" of "${name}": its data is of ${snapshot.takenAt.toISOString()}, which is older ` +
      `than the ${durationText(maxAge)} of --max-age`,
    "Find out why there is no newer one, or take one with --fresh-snapshot. Nothing was created.",
  );
}

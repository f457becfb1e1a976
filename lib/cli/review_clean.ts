/** Whether a review found nothing. @module */

import type { Review } from "../scrub/review.ts";

/** Whether everything is accounted for. */
export function isClean({ findings, unfit }: Pick<Review, "findings" | "unfit">): boolean {
  return findings.length === 0 && unfit === undefined;
}

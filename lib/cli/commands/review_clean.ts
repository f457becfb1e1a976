import type { Review } from "../../core/review.ts";

/** Whether everything is accounted for. */
export function isClean({ findings, unfit }: Pick<Review, "findings" | "unfit">): boolean {
  return findings.length === 0 && unfit === undefined;
}

/** What of ours is in AWS, as commands show it. @module */

import { type Data, flag, list, maybe, object, text, word } from "./schema.ts";

/** One instance or snapshot of ours. */
export const overviewItem = object("one instance or snapshot", {
  source: text("DBInstanceIdentifier of the source; empty where neither tag nor name tells"),
  engine: text("kind of server"),
  kind: word("what it is", ["instance", "snapshot"]),
  id: text("its identifier"),
  state: word(
    "running: a living run's; orphaned: a dead run's, and maybe unscrubbed; leaving: being deleted; foreign: named or " +
      "tagged as ours, but tags and name do not agree; scrubbed: a verified snapshot, or one of the first program; broken: one that RDS could not make",
    ["running", "orphaned", "leaving", "foreign", "scrubbed", "broken"],
  ),
  status: text("RDS's own word"),
  time: maybe(text("when a running run showed last that it lives, or the time of a snapshot; ISO 8601")),
  runId: maybe(text("of the run that made it")),
  sharedWith: list("accounts that may restore it, of a snapshot", text("account id")),
  proven: flag("whether the snapshot carries a proof; those of the first program carry none"),
  report: maybe(text("SHA-256 of its run's report")),
});

/** One instance or snapshot of ours. */
export type OverviewItem = Data<typeof overviewItem>;

/** What an instance or a snapshot is. */
export type OverviewState = OverviewItem["state"];

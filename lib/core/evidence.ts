/** What ties a snapshot to the report of its run. @module */

import { type Data, maybe, object, text } from "./schema.ts";

/** What a snapshot says of its run. */
export const evidence = object("what a snapshot says of its run", {
  snapshot: text("its identifier"),
  status: text("RDS's own word"),
  runId: maybe(text("id of the run")),
  report: maybe(text("SHA-256 of the run's report, in hexadecimal")),
  signature: maybe(text("the signature of the statement about the report, in base64")),
  proof: maybe(text("digest of what was proven")),
  search: maybe(
    text("how much was read in search of removed values: full, sample or off; absent: its run did not say"),
  ),
});

/** What a snapshot says of its run. */
export type Evidence = Data<typeof evidence>;

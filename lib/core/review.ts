/** What a review of a database comes to. @module */

import * as v from "valibot";
import { engineName } from "./engine_name.ts";
import { ruleFileIdentity } from "./rule_file.ts";
import type { Reviewed } from "./reviewed.ts";
import { count, type Data, list, maybe, object, text } from "./schema.ts";

/** One thing that nothing accounts for. */
export const finding = object("one thing that nothing accounts for", {
  what: text("`editions.note varchar(255)` or `comment on table users`"),
  why: text("why it stops a run"),
  rule: maybe(text("the rule that its name and type suggest; absent: it may stay, with a reason")),
  entry: v.custom<Reviewed>((data) => typeof data === "object" && data !== null, "the entry that lets it stay"),
  samples: maybe(list("some of the column's values, cut; only where they were asked for", text("value"))),
});

/** One thing that nothing accounts for. */
export type Finding = Data<typeof finding>;

/** What a review comes to. */
export const review = object("a review of one database", {
  engine: engineName,
  database: text("name"),
  scrubber: text("name of the scrubber"),
  rules: maybe(ruleFileIdentity),
  accounted: object("columns by what accounts for them", {
    ruled: count("columns"),
    structural: count("columns"),
    computed: count("columns"),
    reviewed: count("columns"),
  }),
  milliseconds: count("how long it took"),
  findings: list("what nothing accounts for", finding),
  unfit: maybe(text("why the rules themselves don't fit: what they name is gone")),
});

/** What a review comes to. */
export type Review = Data<typeof review>;

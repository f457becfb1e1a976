/** What a draft of rules comes to. @module */

import * as v from "valibot";
import { count, type Data, list, object, text } from "./schema.ts";

/** What a draft of rules comes to. */
export const draftedRules = object("drafted rules for one database", {
  database: text("name"),
  text: v.string(),
  structural: count("columns that need no rule"),
  changed: count("columns with a rule that changes them"),
  kept: count("columns with a rule that keeps them"),
  open: list("columns that a person has to decide on, with their types", text("column")),
  objects: list("objects that have to be reviewed", text("kind and name")),
});

/** What a draft of rules comes to. */
export type DraftedRules = Data<typeof draftedRules>;

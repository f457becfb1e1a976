/** What the rules of another tool come to. @module */

import * as v from "valibot";
import { count, type Data, list, object, text } from "./schema.ts";

/** What the rules of another tool come to. */
export const importedRules = object("rules imported from another tool", {
  from: text("what they were imported from"),
  text: v.string(),
  columns: count("columns with a rule"),
  truncated: count("tables whose rows are all deleted"),
  lost: list("what has no equal: the place, and what stood there", text("sentence")),
  differs: list("options that leaked, or that are not taken over: the place, and what they did", text("sentence")),
});

/** What the rules of another tool come to. */
export type ImportedRules = Data<typeof importedRules>;

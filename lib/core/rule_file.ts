/** Rule files as runs, plans and reports name them. @module */

import { type Data, object, text, textLike } from "./schema.ts";

/** Which file rules come from. */
export const ruleFileIdentity = object("the rule file that the scrubber comes from", {
  path: text("as it was named, or behind its folder's name"),
  sha256: textLike("SHA-256 of the file, in hexadecimal; values of variables are not in it", /^[0-9a-f]{64}$/),
});

/** Which file rules come from. */
export type RuleFileIdentity = Data<typeof ruleFileIdentity>;

/** What main has read, once, before anything else, for workers. Plain data. */
export interface ReadRuleFile extends RuleFileIdentity {
  /** The name of the scrubber. */
  readonly scrubber: string;
  /** A `RuleFile` of lib/scrub/rule_files. */
  readonly rules: unknown;
}

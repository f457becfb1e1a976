/**
 * Every strategy by its name in a definition. To add one:
 *
 * 1. Write its file beside this one, as email.ts is for text, postcode.ts for text of a kind, shift_date.ts for dates, noise.ts for
 *    numbers, constant.ts for any type; options.ts has parameters of few words. strategy.ts says what its members promise. New text needs
 *    a mark that no old value has, or no evidence can tell the two apart.
 * 2. List it below.
 * 3. Give scrubber authors a function for it in ../strategies.ts.
 * 4. In tests/scrub/rules: cases in strategy_cases.ts, what it refuses in refusal_cases.ts. One that makes pseudonyms of text has values
 *    of its kind in pseudonym_cases.ts, any other its name in `withoutPseudonyms` there; one whose new values are no text, and depend on
 *    the key, has a case in shapes_test.ts. strategies_test.ts and pseudonym_cases_test.ts run them on both engines, and examples_test.ts
 *    the description's example, with a key of 32 bytes of 1: in a column of text, unless `columns` there says otherwise.
 * 5. The table in ../README.md is made from the descriptions: `deno task readme` writes it. "Keys" above it
 *    lists the strategies that may change keys: those with `ofValue` (tests/cli/commands/strategies_test.ts).
 * 6. A line in CHANGELOG.md.
 *
 * That is all: the command line's list, rule files and their JSON Schema take every strategy. For `init` and `review` to suggest it, add
 * a class of values in ../../discovery/classes.ts, what columns of it are called in name_rules.ts beside it (the first rule that fits
 * counts), and the strategy in rule_for.ts, in `candidates`, and in `naming` where such a value tells of a person. What other tools call
 * it is in ../../import/.
 *
 * SQL that differs between the engines is a new member of lib/engine/expressions.ts, which both engines implement in their
 * expressions/expressions.ts, and test in their expressions_test.ts.
 *
 * @module
 */

import { blank } from "./blank.ts";
import { card } from "./card.ts";
import { choice } from "./choice.ts";
import { constant } from "./constant.ts";
import { decimal } from "./decimal.ts";
import { email } from "./email.ts";
import { emptied } from "./emptied.ts";
import { freeText } from "./free_text.ts";
import { hash } from "./hash.ts";
import { iban } from "./iban.ts";
import { integer } from "./integer.ts";
import { ipAddress } from "./ip_address.ts";
import { jsonOf } from "./json.ts";
import { keep } from "./keep.ts";
import { lorem } from "./lorem.ts";
import { macAddress } from "./mac_address.ts";
import { name } from "./name.ts";
import { nationalInsurance } from "./national_insurance.ts";
import { nhsNumber } from "./nhs_number.ts";
import { noise } from "./noise.ts";
import { opaque } from "./opaque.ts";
import { organisation } from "./organisation.ts";
import { phone } from "./phone.ts";
import { postalAddress } from "./postal_address.ts";
import { postcode } from "./postcode.ts";
import { replacing } from "./replacing.ts";
import { setNull } from "./set_null.ts";
import { shiftDate } from "./shift_date.ts";
import { shuffle } from "./shuffle.ts";
import type { Strategy } from "./strategy.ts";
import { template } from "./template.ts";
import { url } from "./url.ts";
import { userName } from "./user_name.ts";

/** Those for a whole value: `json` uses them for parts. */
const whole: ReadonlyMap<string, Strategy> = new Map(Object.entries({
  blank,
  card,
  choice,
  constant,
  decimal,
  email,
  emptied,
  freeText,
  hash,
  iban,
  integer,
  ipAddress,
  keep,
  lorem,
  macAddress,
  name,
  nationalInsurance,
  nhsNumber,
  noise,
  opaque,
  organisation,
  phone,
  postalAddress,
  postcode,
  replacing,
  setNull,
  shiftDate,
  template,
  url,
  userName,
}));

/** The strategies. */
export const strategies: ReadonlyMap<string, Strategy> = new Map(
  [...whole, ["json", jsonOf((name) => whole.get(name))] as const, ["shuffle", shuffle] as const].sort(([a], [b]) =>
    a < b ? -1 : 1
  ),
);

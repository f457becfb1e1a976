/**
 * Regular expressions, written as MySQL's ICU reads them, which MariaDB's PCRE reads the same in all that is used here. Letters count by
 * their case, whatever the collation, unless a function says otherwise.
 *
 * @module
 */

import type { Sql } from "../../engine/sql.ts";
import { sql, textLiteral } from "./literals.ts";
import { spelledBy } from "./product.ts";

/** Whether a dot is any character, or any but a line's end. */
export type Dot = "any" | "line";

/** Whether the text has a match. */
export function hasMatch(text: Sql, pattern: string, dot: Dot = "line"): Sql {
  return sql`(${text} REGEXP ${patternLiteral(pattern, dot)})`;
}

/** Whether the text has a match, whatever the case of its letters. */
export function hasMatchInAnyCase(text: Sql, pattern: string): Sql {
  return sql`(${text} REGEXP ${textLiteral(`(?i)${pattern}`)})`;
}

/** The text with `by` for every match; `$1` in it is the first group's text. */
export function replacedAll(text: Sql, pattern: string, by: string, dot: Dot = "line"): Sql {
  return sql`REGEXP_REPLACE(${text}, ${patternLiteral(pattern, dot)}, ${replacement(by)})`;
}

/** The first match; where there is none, NULL to MySQL, and empty to MariaDB. */
export function firstMatch(text: Sql, pattern: string): Sql {
  return sql`REGEXP_SUBSTR(${text}, ${patternLiteral(pattern, "line")})`;
}

function patternLiteral(pattern: string, dot: Dot): Sql {
  // PCRE has neither \uhhhh nor \U00hhhhhh.
  const read = pattern.replaceAll(
    /\\(?:u([0-9a-fA-F]{4})|U00([0-9a-fA-F]{6})|.)/gs,
    (all, short?: string, long?: string) => short || long ? `\\x{${short ?? long}}` : all,
  );
  return textLiteral((dot === "any" ? "(?s-i)" : "(?-i)") + read);
}

/** ICU takes what follows a backslash as it is, and `$1` as a group; PCRE has `\1`, and no sign but the backslash. */
function replacement(by: string): Sql {
  const literal = textLiteral(by);
  const pcre = by.replaceAll(/\\(.)|\$(\d)/gs, (_, escaped?: string, group?: string) => {
    if (escaped === undefined) return `\\${group}`;
    return escaped === "\\" ? "\\\\" : escaped;
  });
  if (pcre === by) return literal;
  return spelledBy({ mysql: literal.text, mariadb: textLiteral(pcre).text });
}

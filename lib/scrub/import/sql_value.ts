/** Plain values in SQL. @module */

import { equal, type Equivalent, lost } from "./equivalent.ts";

/** A cast behind a value. */
const cast = /\s*::\s*"?[A-Za-z_][\w ."]*(?:\(\s*\d+\s*(?:,\s*\d+\s*)?\))?(?:\[\])?\s*$/;

/** The value of a constant, also one with a cast behind it; undefined for anything that the server would compute. */
export function sqlValue(sql: string): string | number | boolean | null | undefined {
  const text = sql.trim();
  const quoted = /^'((?:[^'\\]|'')*)'$/s.exec(text)?.[1];
  if (quoted !== undefined) return quoted.replaceAll("''", "'");
  const dollars = /^(\$\w*\$)(.*)\1$/s.exec(text);
  if (dollars?.[2] !== undefined && !dollars[2].includes(dollars[1] ?? "$$")) return dollars[2];
  if (/^null$/i.test(text)) return null;
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  if (/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return Number(text);
  const without = withoutCast(text);
  return without === text ? undefined : sqlValue(without);
}

/** The text without a cast at its end. */
export function withoutCast(sql: string): string {
  return sql.trim().replace(cast, "");
}

/** A rule for a value that a constant in SQL gives to all rows. */
export function ofSqlValue(sql: string): Equivalent {
  const value = sqlValue(sql);
  if (value === undefined) return lost("an expression of SQL makes the value");
  if (value === null) return equal("setNull");
  return value === "" ? equal("blank") : equal("constant", value);
}

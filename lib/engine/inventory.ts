/** What a database holds besides rows of its tables, as plain values. @module */

import type { Sql } from "./sql.ts";
import type { SchemaObjectKind } from "../core/object_kinds.ts";

/** One object that can carry values. */
export interface SchemaObject {
  readonly kind: SchemaObjectKind;
  /** As people name it, such as `public.active_people`; for a comment the object that has it. */
  readonly name: string;
  /**
   * The server found something in the object's text that looks like a value: a mail address, a UUID, a long opaque string,
   * a login in a URL. `unreadable`: the master user may not see the text.
   */
  readonly text: "plain" | "sensitive" | "unreadable" | "none";
}

/** A condition that every row of a table must meet. */
export interface Check {
  /** {@linkcode Table.id}. */
  readonly table: string;
  readonly name: string;
  /** The condition over the table's columns, which stand unqualified. */
  readonly holds: Sql;
}

/** One database's objects besides rows. */
export interface Inventory {
  readonly objects: readonly SchemaObject[];
  readonly checks: readonly Check[];
}

/**
 * A regular expression, in the syntax that both engines share and for use without regard to case, of what looks like a value in
 * the text of a view, comment or the like: a mail address (not at example.com), a UUID, a long row of hexadecimal digits, a
 * telephone number with its prefix, an access key, a signed token, a login in a URL, a quoted secret.
 */
export const sensitivePattern: string = [
  "[a-z0-9._%+-]+@(?!([a-z0-9-]+[.])*example[.](com|org|net))[a-z0-9-]+([.][a-z0-9-]+)*[.][a-z]{2,}",
  "(?!00000000-0000-0000)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
  "[0-9a-f]{32,}",
  "[+][1-9][0-9]{9,14}",
  "(akia|asia)[a-z0-9]{16}",
  "eyj[a-z0-9_-]{10,}[.]eyj",
  "://[^/ :@']+:[^/ @']+@",
  "(password|passwd|secret|token|api_?key)[\"'`]?[[:space:]]*(=|:|:=|=>)[[:space:]]*'[^']{6,}'",
].map((part) => `(${part})`).join("|");

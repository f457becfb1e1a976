/** What a database holds besides rows of its tables, as plain values. @module */

import type { PersonalKind } from "./personal_text.ts";
import type { Sql } from "./sql.ts";
import type { SchemaObjectKind } from "../core/object_kinds.ts";

/** One object that can carry values. */
export interface SchemaObject {
  readonly kind: SchemaObjectKind;
  /**
   * As people name it, such as `public.active_people`; for a comment the object that has it. Fit to be printed: where the name
   * itself looks personal, it is left out, and the object has a number.
   */
  readonly name: string;
  /** The name in statements, where {@linkcode name} leaves it out. Never printed. */
  readonly object?: string;
  /**
   * `telling`: something in the object's text looks like a value, see {@linkcode holds}. `unreadable`: the master user may not
   * see the text.
   */
  readonly text: "plain" | "sensitive" | "unreadable" | "none";
  /** What the text gives away. */
  readonly holds?: readonly PersonalKind[];
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

/** What the server holds outside of its databases. */
export interface ServerInventory {
  readonly objects: readonly SchemaObject[];
  /** Columns of system catalogues that may hold text and that nobody has accounted for: `pg_catalog.pg_x.y`. */
  readonly unknownColumns: readonly string[];
}

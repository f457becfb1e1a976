/** Entries of `reviewed.json`: columns and objects that a person has looked at. @module */

import type { SchemaObjectKind } from "./object_kinds.ts";

/** Who looked, at what, and why it may stay. */
export interface Signature {
  readonly reason: string;
  readonly by: string;
  /** What was looked at, such as a schema of a date or a ticket. */
  readonly source: string;
  /** Of columns: everybody can read what they hold anyway; the reason says where. */
  readonly public?: true;
}

/** Types by column by table. */
export type GroupColumns = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** One entry. Types are those that `shapeOf` in `lib/scrub/coverage/reviewed.ts` names, so that a column of another type is drift. */
export type Reviewed =
  & Signature
  & (
    | { readonly table: string; readonly column: string; readonly type: string }
    /** Every column that the table has, also those to come. */
    | { readonly table: string }
    | { readonly group: string; readonly columns: GroupColumns }
    | {
      readonly object: SchemaObjectKind;
      readonly name: string;
      /** Of the text that was looked at, as the refusal of the object prints it. An object of another text is drift. */
      readonly digest?: string;
    }
  );

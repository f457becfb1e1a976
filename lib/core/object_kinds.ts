/** The kinds of database objects that can hold values besides rows. @module */

/** Everything that can carry a value of somebody's and is no row of a table that rules can reach. */
export const schemaObjectKinds = [
  "view",
  "materialised view",
  "rule",
  "policy",
  "function",
  "trigger",
  "event trigger",
  "event",
  "generated column",
  "default",
  "check constraint",
  "domain",
  "index expression",
  "partition bound",
  "enum labels",
  "comment",
  "security label",
  "setting",
  "foreign server",
  "user mapping",
  "foreign table",
  "subscription",
  "publication",
  "large objects",
  "table of an extension",
  "table of another storage engine",
  "leftover in mysql",
] as const;

/** One of {@linkcode schemaObjectKinds}. */
export type SchemaObjectKind = typeof schemaObjectKinds[number];

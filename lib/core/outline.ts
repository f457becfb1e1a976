/** What a run would do to a database, table by table: names, estimates and reasons, never a value of a row. @module */

import { engineName } from "./engine_name.ts";
import { ruleFileIdentity } from "./rule_file.ts";
import { count, type Data, list, maybe, object, text, word } from "./schema.ts";

/** One column and what becomes of it. */
export const columnOutline = object("one column", {
  column: text("name"),
  strategy: maybe(text("what would become of it")),
  parameter: maybe(text("what the strategy is given, in JSON, such as a constant or a template")),
  only: maybe(text("selection whose rows alone would change")),
  except: maybe(text("selection whose rows would not change")),
  follows: maybe(text("the column that it repeats, and whose rule this is")),
  reason: maybe(text("why it stays")),
});

/** One column and what becomes of it. */
export type ColumnOutline = Data<typeof columnOutline>;

/** One table and what becomes of it. */
export const tableOutline = object("one table", {
  table: text("name of the table, behind its schema's where that is not the default one"),
  rows: count("the catalogue's estimate"),
  deleted: maybe(text("which rows go")),
  deletedRows: maybe(count("how many rows go, counted")),
  keptRows: maybe(count("how many rows stay where some go, counted")),
  selectedRows: maybe(count("how many rows keepRows selects, counted, where the others are not known")),
  shape: maybe(text("how it would be changed")),
  why: maybe(text("why in this way")),
  bytes: maybe(count("bytes on disk that would be rewritten")),
  peakBytes: maybe(count("bytes that this would need beyond those")),
  columns: list("every column", columnOutline),
});

/** One table and what becomes of it. */
export type TableOutline = Data<typeof tableOutline>;

/** One database and what becomes of it. */
export const databaseOutline = object("what a run would do to one database", {
  engine: engineName,
  database: text("name"),
  fate: word("what would become of it", ["scrubbed", "kept", "dropped", "empty"]),
  scrubber: maybe(text("name of the scrubber")),
  rules: maybe(ruleFileIdentity),
  reason: maybe(text("why it would be let through or dropped")),
  tables: list("every table", tableOutline),
  after: maybe(list("statements that run before verification, by their numbers and first words", text("statement"))),
  removed: list("objects that would not leave as they are", text("kind and name of the object")),
});

/** One database and what becomes of it. */
export type DatabaseOutline = Data<typeof databaseOutline>;

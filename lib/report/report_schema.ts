/** The JSON Schema of `--report`'s file. @module */

import type { Failure } from "../core/errors.ts";
import { always, byName, count, flag, list, maybe, moment, object, reference, text, word } from "./json_schema.ts";
import type { ColumnOutline, DatabaseOutline, TableOutline } from "../core/outline.ts";
import type {
  ColumnReport,
  CoverageReport,
  DatabaseReport,
  ExportReport,
  LeakSearchReport,
  PhaseReport,
  ResidueReport,
  RunReport,
  SampledTableReport,
  SourceOutcome,
  TableReport,
} from "../core/report.ts";

const digest = { pattern: "^[0-9a-f]{64}$" };

const column = object<ColumnReport>("one column and what accounts for it", {
  table: text("name of the table, behind its schema's where that is not the default one"),
  column: text("name of the column"),
  by: word("what accounts for it", ["ruled", "structural", "computed", "reviewed"]),
  reason: text("the strategy, or why the column stays"),
});

const coverage = object<CoverageReport>("how the columns were accounted for", {
  ruled: count("columns that a rule names"),
  structural: count("columns that are keys, moments, truth values or counters"),
  computed: count("columns that the server computes from others"),
  reviewed: count("columns that a person has looked at"),
  blanked: list("columns that nothing accounted for and that were emptied", text("table.column: strategy")),
  unaccounted: list("columns and objects that stopped the run", text("table.column, or kind and name of the object")),
  removed: list("objects that did not leave with the snapshot", text("kind and name of the object")),
  reasons: byName("why reviewed columns stayed", count("for how many columns this is the reason")),
  milliseconds: count("how long it took to find out"),
  columns: maybe(list("every column that is accounted for", column)),
});

const table = object<TableReport>("one table that a rule names", {
  table: text("name of the table, behind its schema's where that is not the default one"),
  shape: text("how it was changed"),
  why: text("why in this way"),
  rowsExpected: maybe(count("the catalogue's estimate before")),
  rowsChanged: count("rows that were changed"),
  rowsDeleted: count("rows that were deleted"),
  rowsLeft: maybe(count("rows that verification counted afterwards")),
  seconds: count("how long the change took"),
  bytes: maybe(count("bytes on disk before")),
  peakBytes: maybe(count("bytes that the change needed beyond those")),
  columns: byName("columns that were changed", text("strategy")),
});

const database = object<DatabaseReport>("one database and what became of it", {
  database: text("name"),
  fate: word("what became of it", ["scrubbed", "kept", "dropped", "empty"]),
  scrubber: maybe(text("name of the scrubber")),
  reason: maybe(text("why it was let through or dropped")),
  tables: list("tables that rules name", table),
  coverage: maybe(coverage),
  verified: maybe(object<NonNullable<DatabaseReport["verified"]>>("what was proven", {
    predicates: count("predicates that hold for every row"),
    foreignKeys: count("foreign keys without an orphan"),
  })),
  leakSearch: maybe(object<LeakSearchReport>("how the search for leaks went", {
    mode: word("how much was read", ["full", "sample", "off"]),
    fingerprints: count("distinct tokens that were looked for"),
    alsoStay: count("distinct tokens that were not, because values that stay hold them as well"),
    tables: count("tables that were looked into"),
    sampled: list(
      "tables of which a sample was read",
      object<SampledTableReport>("one table", {
        table: text("name of the table, behind its schema's where that is not the default one"),
        rows: count("rows that were read"),
        fewerThanOneIn: count("with 99 % confidence fewer than one row in so many holds what should be gone"),
      }),
    ),
  })),
});

const outline = object<DatabaseOutline>("what a run would do to one database", {
  engine: word("kind of server", ["mysql", "postgresql"]),
  database: text("name"),
  fate: word("what would become of it", ["scrubbed", "kept", "dropped", "empty"]),
  scrubber: maybe(text("name of the scrubber")),
  reason: maybe(text("why it would be let through or dropped")),
  tables: list(
    "every table",
    object<TableOutline>("one table", {
      table: text("name of the table, behind its schema's where that is not the default one"),
      rows: count("the catalogue's estimate"),
      deleted: maybe(text("which rows go")),
      shape: maybe(text("how it would be changed")),
      why: maybe(text("why in this way")),
      columns: list(
        "every column",
        object<ColumnOutline>("one column", {
          column: text("name"),
          strategy: maybe(text("what would become of it")),
          only: maybe(text("selection whose rows alone would change")),
          reason: maybe(text("why it stays")),
        }),
      ),
    }),
  ),
  removed: list("objects that would not leave as they are", text("kind and name of the object")),
});

const phase = object<PhaseReport>("one phase", {
  phase: text("name"),
  started: count("milliseconds since the epoch"),
  ended: maybe(count("milliseconds since the epoch")),
});

const residue = object<ResidueReport>("one thing outside tables", {
  step: text("what it is about"),
  result: text("what was done about it, or is left"),
});

const exported = object<ExportReport>("one dump in S3", {
  database: text("name of the database"),
  object: text("where it is", { pattern: "^s3://" }),
  bytes: count("size of the compressed dump"),
  sha256: text("SHA-256 of the compressed dump, in hexadecimal", digest),
  seconds: count("how long it took"),
});

const failure = object<Failure>("why something failed", {
  kind: word("what kind of failure", ["failed", "usage", "refused", "leftovers", "interrupted"]),
  message: text("what could not be done, and why"),
  hint: text("what to do about it"),
  also: list("what else went wrong on the way out", reference<Failure>("failure")),
});

const source = object<SourceOutcome>("one source", {
  engine: word("kind of server", ["mysql", "postgresql"]),
  requested: text("as the operator named it"),
  source: maybe(text("DBInstanceIdentifier")),
  workspace: maybe(text("DBInstanceIdentifier of the temporary instance")),
  restored: maybe(object<NonNullable<SourceOutcome["restored"]>>("the snapshot that was restored", {
    snapshot: text("its identifier"),
    asOf: moment("time of its data"),
    ageSeconds: maybe(count("how old its data was when the run began")),
  })),
  databases: list("every database that was found", database),
  phases: list("what was done when", phase),
  orphans: maybe(list("workspaces of dead runs that were deleted first", text("DBInstanceIdentifier"))),
  exports: maybe(list("dumps in S3", exported)),
  snapshot: maybe(text("identifier of the final snapshot")),
  sharedWith: list("accounts that may restore it", text("account id", { pattern: "^[0-9]{12}$" })),
  pruned: list("old snapshots that were deleted", text("identifier")),
  warnings: list("what the operator should look at", text("warning")),
  sideEffects: maybe(list("what kept the workspace from acting as production", text("sentence"))),
  accounts: maybe(list("what became of production's accounts", text("sentence"))),
  residue: maybe(list("old values outside tables: what was done, and what is known to remain", residue)),
  plan: maybe(list("what a run would do to each database", outline)),
  wouldDo: maybe(list("what a run would do", text("sentence"))),
  failure: maybe(reference<Failure>("failure")),
});

const run = object<RunReport>(
  "What a run of datascrubber found, did and proved: names, counts and times, never a value of a row.",
  {
    version: always("of this format: fields may be added to it, but none changes or goes", 1),
    program: text("name and version"),
    runId: text("also a tag of the final snapshots", { format: "uuid" }),
    started: moment("begin of the run"),
    ended: moment("end of the run"),
    exitStatus: count("the program's exit status, but for what fails after this report was written"),
    dryRun: flag("whether nothing was to be changed"),
    sources: list("every source, in the order of the command line", source),
  },
);

/** The schema as a JSON text. Ends in a newline. */
export function reportSchema(): string {
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:datascrubber:report:1",
    title: "Report of a run of datascrubber",
    ...run.schema,
    $defs: { failure: failure.schema },
  };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

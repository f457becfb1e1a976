/** The refusal of unclassified columns and refused objects: each with its cause and the line to paste. @module */

import type { RuleFileIdentity } from "../../core/rule_file.ts";
import type { Schema } from "../../engine/schema.ts";
import { ScrubError } from "../../core/errors.ts";
import { type ColumnDrift, entryForObject, type ObjectDrift } from "./coverage.ts";
import { actsAs, entryFor, suggest, type Suggestion } from "./suggestion.ts";
import type { Reviewed } from "../../core/reviewed.ts";

/** Everything in one database that stops its run. */
export interface DatabaseDrift {
  readonly schema: Schema;
  /** Scrubber's name. */
  readonly scrubber: string;
  readonly columns: readonly (ColumnDrift & { readonly why?: string })[];
  readonly objects: readonly ObjectDrift[];
  /** The rule file that the scrubber comes from. */
  readonly file?: RuleFileIdentity;
  /** Why the rules themselves do not fit: they name something that is missing. */
  readonly unfit?: ScrubError;
}

/** One finding, ready to be shown. */
export interface DriftLine {
  /** `editions.note varchar(255)` or `comment table users`. */
  readonly what: string;
  /** Why it stops the run. */
  readonly why: string;
  /** What to paste. */
  readonly suggestion: Suggestion;
  /** The entry that would keep it, to be signed. */
  readonly entry: Reviewed;
}

/** The findings of one database, in the server's order. */
export function driftLines({ schema, file, columns, objects }: DatabaseDrift): readonly DriftLine[] {
  return [
    ...columns.map(({ table, column, reviewedAs, why }): DriftLine => {
      const acting = actsAs(table.name);
      const cause = reviewedAs === undefined
        ? "unclassified column: no rule, no proven structure, no review"
        : `it was reviewed as ${reviewedAs}`;
      const more = [why && `--on-drift blank can't empty it: ${why}`, acting && `its table looks like ${acting}`];
      return {
        what: `${table.id}.${column.name} ${column.type}`,
        why: [cause, ...more.filter((text) => text !== undefined)].join("; "),
        suggestion: suggest(schema, table, column, file ? "yaml" : "call"),
        entry: entryFor(table, column),
      };
    }),
    ...objects.map(({ object, why }): DriftLine => {
      const entry = entryForObject(object);
      return {
        what: `${object.kind} ${object.name}`,
        why,
        entry,
        suggestion: { kind: "review", entry, line: JSON.stringify(entry) },
      };
    }),
  ];
}

/** The refusal of a run for what was found in its databases; undefined where nothing was. It holds names and types, no values. */
export function refusal(source: string, found: readonly DatabaseDrift[]): ScrubError | undefined {
  const concerned = found.filter(({ columns, objects, unfit }) => columns.length + objects.length > 0 || unfit);
  const [first] = concerned;
  if (!first) return undefined;
  if (concerned.length === 1 && first.unfit && first.columns.length + first.objects.length === 0) return first.unfit;
  const counts = concerned.map((drift) => `${countOf(drift)} in database "${drift.schema.database}"`).join(", ");
  const message = [
    `Cannot scrub "${source}": found ${counts}`,
    ...concerned.flatMap((drift) => [
      ...(drift.unfit ? [drift.unfit.message] : []),
      ...driftLines(drift).map(({ what, why, suggestion }) =>
        `${drift.schema.database}: ${what}: ${why}\n  ${paste(drift, suggestion)}`
      ),
    ]),
  ].join("\n");
  const masked = concerned.some(({ objects }) => objects.some(({ object: { kind } }) => kind === "column mask"));
  return new ScrubError(
    masked ? "masks" : "coverage",
    message,
    "Nothing was changed. Paste each rule into its scrubber or rule file, or have a person review the column or object, say why it may stay, and add the " +
      "entry to the reviewed.json beside the scrubber (or, under the scrubber's name, to a file for --reviewed). " +
      "--on-drift blank empties such columns instead.",
  );
}

function countOf({ columns, objects, unfit }: DatabaseDrift): string {
  const parts = [
    columns.length > 0 && plural(columns.length, "unclassified column"),
    objects.length > 0 && plural(objects.length, "refused object"),
    unfit && "rules that no longer fit",
  ];
  return parts.filter((part) => typeof part === "string").join(" and ");
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function paste({ scrubber, file }: DatabaseDrift, suggestion: Suggestion): string {
  return suggestion.kind === "rule"
    ? `rule for ${file ? `tables in ${file.path}` : `"${scrubber}"`}: ${suggestion.line}`
    : `entry for ${file ? `reviewed in ${file.path}` : "reviewed.json"}, if it may stay: ${suggestion.line}`;
}

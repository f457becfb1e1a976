/** What stops a run outside of databases: objects of the server itself, and unknown columns of its catalogues. @module */

import type { ServerInventory } from "../../engine/inventory.ts";
import { ScrubError } from "../../core/errors.ts";
import { entryForObject, refusedObjects } from "./coverage.ts";
import type { Reviewed } from "../../core/reviewed.ts";

/**
 * The refusal of a run for its server's own objects; undefined where there is none.
 *
 * @param reviewed Entries of every scrubber of the source's databases: the server belongs to all of them.
 */
export function serverRefusal(
  source: string,
  { objects, unknownColumns }: ServerInventory,
  reviewed: readonly Reviewed[],
): ScrubError | undefined {
  if (unknownColumns.length > 0) {
    return new ScrubError(
      "catalogue",
      `Cannot scrub "${source}": the server's catalogue has columns that this version of datascrubber does not know: ` +
        unknownColumns.join(", "),
      "Nothing was changed. Upgrade datascrubber: a new version has to say whether these columns can hold personal data.",
    );
  }
  const refused = refusedObjects(objects, reviewed);
  if (refused.length === 0) return undefined;
  const lines = refused.map(({ object, why }) =>
    `${object.kind} ${object.name}: ${why}\n  entry for reviewed.json, if it may stay: ${
      JSON.stringify(entryForObject(object))
    }`
  );
  return new ScrubError(
    "coverage",
    [
      `Cannot scrub "${source}": the server itself has ${refused.length} refused ${
        refused.length === 1 ? "object" : "objects"
      }`,
      ...lines,
    ].join("\n"),
    "Nothing was changed. Remove it in production; or have a person review it, say why it may stay, and add the entry to the " +
      "reviewed.json beside a scrubber of the source (or, under such a scrubber's name, to a file for --reviewed).",
  );
}

/** What {@linkcode serverRefusal} would refuse, as findings. */
export function refusedOfServer(
  { objects, unknownColumns }: ServerInventory,
  reviewed: readonly Reviewed[],
): readonly string[] {
  return [
    ...unknownColumns.map((column) => `the server's catalogue has an unknown column ${column}`),
    ...refusedObjects(objects, reviewed).map(({ object: { kind, name }, why }) => `server: ${kind} ${name}: ${why}`),
  ];
}

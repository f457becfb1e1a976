/** The instance that is refreshed with a run's snapshot. @module */

import type { Settings } from "../../core/settings.ts";
import { isInstanceIdentifier } from "../parse/instance_identifier.ts";
import type { ParsedOptions } from "../parse/parsed_options.ts";
import { quoted, usageError } from "../parse/usage_error.ts";

/**
 * Its name, in lower case; undefined without the option. Only one source can be behind it, and no Aurora cluster or database by URL.
 *
 * @throws {ScrubError} `usage`
 */
export function readRefresh(parsed: ParsedOptions, sources: Settings["sources"]): string | undefined {
  const value = parsed.text("refresh");
  if (value === undefined) return undefined;
  const label = parsed.label("refresh");
  // A configuration file or the environment says it for runs in RDS.
  if (sources.some(({ kind }) => kind === "url")) {
    if (parsed.origin("refresh") !== "command line") return undefined;
    throw usageError(`Cannot use ${label} with --url: a scrub in place makes no snapshot`, "Leave it out.");
  }
  if (!isInstanceIdentifier(value)) {
    throw usageError(
      `Cannot use ${label}: ${quoted(value)} can't be the name of an instance`,
      "Give the DB instance's identifier: letters, digits and single hyphens, a letter first.",
    );
  }
  const target = value.toLowerCase();
  if (sources.length > 1) {
    throw usageError(
      `Cannot use ${label} with ${sources.length} sources: the instance can hold the data of one`,
      "Give its source in a run of its own.",
    );
  }
  const [source] = sources;
  if (source?.kind === "cluster") {
    throw usageError(
      `Cannot use ${label} with --${source.engine}-clusters: only DB instances are refreshed`,
      "Leave it out, and restore the snapshot by hand.",
    );
  }
  if (source?.kind === "instance" && source.value === target) {
    throw usageError(
      `Cannot use ${label}: ${quoted(value)} is the source of the run`,
      "Name an instance that is no production.",
    );
  }
  return target;
}

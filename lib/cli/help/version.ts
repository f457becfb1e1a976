/** The program's name and version. @module */

/** The program's name, as it is typed. */
export const programName = "datascrubber";

/** Semantic version; a test holds it to deno.json's. */
export const version = "2.0.0";

/** The commit that an executable was built from, set by `scripts/compile.ts`; empty when run from source. */
export const builtFrom = "";

/** What `--version` prints: the version, and the commit of an executable. */
export function versionText(): string {
  return `${programName} ${version}${builtFrom === "" ? "" : ` (${builtFrom})`}`;
}

/** The program's name and version. @module */

/** As the command line spells it. */
export const programName = "datascrubber";

/** Semantic version; a test holds it to deno.json's. */
export const version = "2.0.0";

/** The commit that an executable was built from; `scripts/compile.ts` puts it here. Empty where it runs from its source. */
export const builtFrom = "";

/** What `--version` prints: the version, and the commit of an executable. */
export function versionText(): string {
  return `${programName} ${version}${builtFrom === "" ? "" : ` (${builtFrom})`}`;
}

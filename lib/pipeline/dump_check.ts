/** Which servers cannot be dumped. @module */

import { ScrubError } from "../core/errors.ts";
import type { Settings } from "../core/settings.ts";
import type { Source } from "../rds/source/source.ts";

/**
 * Refuses for MariaDB what MySQL's own programs do: they are no match for it, and its own ones have other options.
 *
 * @throws {ScrubError} `rebuild` or `export`, before anything is made.
 */
export function refuseDumps(
  { rdsEngine, name }: Pick<Source, "rdsEngine" | "name">,
  { rebuild, s3Export }: Pick<Settings, "rebuild" | "s3Export">,
): void {
  if (rdsEngine !== "mariadb") return;
  const why = "mysqldump does not dump MariaDB, and other programs are not supported";
  if (rebuild) throw new ScrubError("rebuild", `Cannot rebuild "${name}": ${why}`, leaveOut("--rebuild"));
  if (s3Export) throw new ScrubError("export", `Cannot export "${name}": ${why}`, leaveOut("--s3-export"));
}

function leaveOut(option: string): string {
  return `Leave ${option} out for it, in a run of its own. Nothing was created.`;
}

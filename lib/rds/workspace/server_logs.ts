/** Names the log files of the workspace's server that were written before the run: only RDS removes them. @module */

import { visible } from "../../core/visible.ts";
import type { LogFile, Rds } from "../api/client.ts";
import { RdsError } from "../api/errors.ts";

/** A line of the report's residue. */
interface Residue {
  readonly step: string;
  readonly result: string;
}

/** How many names the report has. */
const shownNames = 10;

/**
 * Lists the log files that were last written before `began`, by RDS's clock. A failed call is a sentence, too: what was scrubbed by
 * then took hours, and is not worse for it.
 */
export async function readServerLogs(
  rds: Rds,
  instance: string,
  began: Date,
  signal: AbortSignal,
): Promise<readonly Residue[]> {
  try {
    return [{ step: "server logs", result: sentence(await rds.logFiles(instance, signal), began) }];
  } catch (error) {
    if (!(error instanceof RdsError)) throw error;
    const result =
      `it is not known which are from before the run (${error.message}); they can hold statements and values`;
    return [{ step: "server logs", result }];
  }
}

function sentence(files: readonly LogFile[], began: Date): string {
  const earlier = files.filter(({ lastWritten }) => lastWritten < began).toSorted((a, b) => a.name < b.name ? -1 : 1);
  if (earlier.length === 0) return "RDS lists no file from before the run";
  const names = earlier.slice(0, shownNames).map(({ name }) => visible(name));
  const more = earlier.length > shownNames ? ` and ${earlier.length - shownNames} more` : "";
  const bytes = earlier.reduce((sum, file) => sum + file.bytes, 0);
  return `${earlier.length} from before the run remain until RDS deletes them (${bytes} bytes), and can hold statements and ` +
    `values: ${names.join(", ")}${more}`;
}

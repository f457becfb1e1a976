/** Looks once at what the server holds outside of its databases. @module */

import type { Session } from "../engine/engine.ts";
import type { Assignment } from "../scrub/coverage/assignment.ts";
import { readReviewed } from "../scrub/coverage/reviewed.ts";
import { serverRefusal } from "../scrub/coverage/server_objects.ts";
import type { DatabasesRun } from "./databases_run.ts";

/**
 * Looks at the server's own objects, before the first change. `maintenance`: a session on the maintenance database.
 *
 * @throws {ScrubError} `refused` where one may not stay, or its catalogues have columns that nobody knows.
 */
export async function refuseServerObjects(
  { engine, source, settings }: Pick<DatabasesRun, "engine" | "source" | "settings">,
  maintenance: Session,
  assignments: readonly Assignment[],
): Promise<void> {
  const scrubbers = new Set(assignments.flatMap((one) => one.disposition === "scrubbed" ? [one.scrubber] : []));
  const reviewed = [...scrubbers].flatMap(({ name, reviewed }) => [
    ...readReviewed(`reviewed.json of "${name}"`, reviewed),
    ...settings.reviewed[name] ?? [],
  ]);
  const refused = serverRefusal(source, await engine.serverInventory(maintenance), reviewed);
  if (refused) throw refused;
}

/** What only a parameter group can set so that a scrub is faster or leaves less, where the workspace's does not: for people. @module */

import { processorsOf, statementsOn } from "../../core/instance_class.ts";
import { majorVersion } from "../api/names.ts";
import type { Source } from "../source/source.ts";
import { fastSettingsOf } from "./fast_settings.ts";

/** PostgreSQL 18's default of `io_workers`. */
const ownIoWorkers = 3;

/**
 * From PostgreSQL 18 on what sessions read ahead, all of them together, goes through `io_workers` processes, unless `io_method` is
 * `sync`; version 19 adjusts their number by itself. Fewer than there are sessions hold these up. Isolation groups do not set it: it
 * depends on the class, and more than are of use cost time (with 32 on two processors a benchmark lost almost half).
 */
function readingAdvice(
  { engine, snapshot, restore }: Pick<Source, "engine" | "snapshot" | "restore">,
  parameters: ReadonlyMap<string, string>,
): readonly string[] {
  if (engine !== "postgresql" || majorVersion(restore.engine, snapshot.engineVersion) !== "18") return [];
  if (parameters.get("io_method") === "sync") return [];
  const sessions = statementsOn(processorsOf(restore.instanceClass));
  const now = parameters.get("io_workers");
  // A formula of RDS's is not a number.
  if (!(Number(now ?? ownIoWorkers) < sessions)) return [];
  return [
    `io_workers at ${sessions} instead of ${now ?? `the engine's own ${ownIoWorkers}`}, by hand in parameter group ` +
    `"${restore.parameterGroup}": all sessions read ahead through these processes, and with ${restore.instanceClass} a run has ` +
    `${sessions} sessions`,
  ];
}

/** One line for each setting that the group lacks. `parameters`: its values; absent: they are not known. */
export function groupAdvice(
  { engine, rdsEngine, deployment, name, snapshot, restore }: Source,
  parameters: ReadonlyMap<string, string> | undefined,
): readonly string[] {
  // The storage of Aurora has none of what these settings are about: log files, and pages that a server writes.
  if (parameters === undefined || deployment === "cluster") return [];
  const lacking = fastSettingsOf(rdsEngine, snapshot.engineVersion).filter(({ name, value }) =>
    parameters.get(name) !== value
  );
  const reading = readingAdvice({ engine, snapshot, restore }, parameters);
  if (lacking.length === 0) return reading;
  const lines = lacking.map(({ name, value, why }) => {
    const now = parameters.get(name);
    return `${name} at ${value} instead of ${now ?? "the engine's own value"}: ${why}`;
  });
  return [
    ...reading,
    ...lines,
    `parameter group "${restore.parameterGroup}" lacks these; "datascrubber parameter-group ${name}" makes one that has them`,
  ];
}

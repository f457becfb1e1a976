/** What only a parameter group can set so that a scrub is faster or leaves less, where the workspace's does not: for people. @module */

import type { Source } from "../source/source.ts";
import { fastSettingsOf } from "./fast_settings.ts";

/** One line for each setting that the group lacks. `parameters`: its values; absent: they are not known. */
export function groupAdvice(
  { engine, deployment, name, snapshot, restore }: Source,
  parameters: ReadonlyMap<string, string> | undefined,
): readonly string[] {
  // The storage of Aurora has none of what these settings are about: log files, and pages that a server writes.
  if (parameters === undefined || deployment === "cluster") return [];
  const lacking = fastSettingsOf(engine, snapshot.engineVersion).filter(({ name, value }) =>
    parameters.get(name) !== value
  );
  if (lacking.length === 0) return [];
  const lines = lacking.map(({ name, value, why }) => {
    const now = parameters.get(name);
    return `${name} at ${value} instead of ${now ?? "the engine's own value"}: ${why}`;
  });
  return [
    ...lines,
    `parameter group "${restore.parameterGroup}" lacks these; "datascrubber parameter-group ${name}" makes one that has them`,
  ];
}

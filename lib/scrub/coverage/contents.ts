/** Whether a database is as empty as it must be to pass without a scrubber. @module */

import type { DatabaseInfo } from "../../engine/engine.ts";
import { policyFor } from "./object_policy.ts";

/**
 * What keeps a database from being called empty, for people; none: it is empty, down to comments and settings that look like a
 * value. `before` the scrub, what the scrub takes away may be there; `after` it, not even that.
 */
export function contentsOf(info: DatabaseInfo, when: "before" | "after"): readonly string[] {
  if (!info.connectable) return ["it admits no connections of the master user, so nobody can look into it"];
  if (!info.empty) return info.userObjects.length > 0 ? info.userObjects : ["objects of users"];
  return info.objects.flatMap((object) => {
    const [policy, reason] = policyFor(object);
    const passes = policy === "checked" ||
      when === "before" && (policy !== "refused" || info.clearable.includes(object));
    return passes ? [] : [`${object.kind} ${object.name} (${reason})`];
  });
}

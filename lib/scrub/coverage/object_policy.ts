/**
 * What happens to every kind of object that can hold a value besides rows, with the reason. How to add a kind: lib/engine/inventory.ts.
 *
 * @module
 */

import type { DatabaseInfo } from "../../engine/engine.ts";
import type { SchemaObject } from "../../engine/inventory.ts";
import type { SchemaObjectKind } from "../../core/object_kinds.ts";

/**
 * `checked`: kept, unless its text looks sensitive or cannot be read; `dropped`: removed before the snapshot; `emptied`: its rows are
 * deleted before the scrub and made again from scrubbed ones; `refused`: the run stops.
 */
export type ObjectPolicy = "checked" | "dropped" | "emptied" | "refused";

/** The policy for each kind. */
export const objectPolicies: Readonly<Record<SchemaObjectKind, readonly [policy: ObjectPolicy, reason: string]>> = {
  "view": ["checked", "it holds no rows; its text may hold a literal"],
  "materialised view": ["emptied", "its rows are copies of unscrubbed ones"],
  "rule": ["checked", "its text may hold a literal"],
  "policy": ["checked", "its conditions may hold a literal"],
  "function": ["checked", "its body may hold a literal or a login"],
  "trigger": ["checked", "its arguments, condition or body may hold a literal"],
  "event trigger": ["checked", "it only names a function, whose body is checked"],
  "event": ["checked", "its body may hold a literal"],
  "generated column": [
    "checked",
    "the server computes it from columns that are accounted for; its expression may hold a literal",
  ],
  "default": ["checked", "it is a value that rows get"],
  "check constraint": ["checked", "its condition may list values"],
  "domain": ["checked", "its default and condition may hold values"],
  "index expression": ["checked", "its expression or predicate may hold a literal"],
  "statistics object": ["checked", "its expressions may hold a literal"],
  "partition key": ["checked", "its expressions may hold a literal"],
  "partition bound": ["checked", "it is made of values of rows"],
  "enum labels": ["checked", "they are values that rows get"],
  "comment": ["checked", "people write anything into comments"],
  "security label": ["checked", "it is free text"],
  "setting": ["checked", "a setting of a database or role may hold a secret"],
  "option": ["checked", "an option of a table, column or wrapper may be free text"],
  "value for old rows": ["checked", "it is a value that rows have"],
  "dropped attribute": [
    "refused",
    "its type lost an attribute (ALTER TYPE, or a column of the table that it is named after), whose values a column's rows keep in the " +
    "file, and a definition's constant in the catalogue",
  ],
  "text search dictionary": ["checked", "its options may be free text"],
  "collation": ["checked", "its rules may be free text"],
  "library": ["checked", "its code may hold a literal or a login"],
  "name": ["checked", "people call things after customers"],
  "foreign server": ["dropped", "it leads to another server of production"],
  "user mapping": ["dropped", "it holds a login to another server"],
  "foreign table": ["dropped", "its rows are another server's"],
  "subscription": ["dropped", "it holds a login, and would bring in unscrubbed rows"],
  "publication": ["checked", "its row filters may hold a literal"],
  "large objects": [
    "refused",
    "no rule reaches them, and their bytes stay in a catalogue that the master user can't rewrite",
  ],
  "table of an extension": ["refused", "its rows belong to no table that rules reach"],
  "detached partition": [
    "refused",
    "its DETACH CONCURRENTLY was never finalised, so no statement on its partitioned table reaches its rows",
  ],
  "copy of statistics": ["refused", "it copies what the server remembers of unscrubbed rows and of statements"],
  "dead index": [
    "dropped",
    "DROP or REINDEX CONCURRENTLY was interrupted on it: its file keeps unscrubbed values, and no statement writes it anew",
  ],
  "sequence": [
    "refused",
    "it holds a number of eight or more digits, as its last one without a column that it numbers, or as a bound, start or step",
  ],
  "table of another storage engine": ["checked", "its columns are accounted for like any other's"],
  "table without a definition": [
    "refused",
    "only InnoDB knows of it: no statement reaches its rows, which are in its file",
  ],
  "leftover in mysql": ["refused", "unknown object in the server's own schema mysql"],
  "object in a system schema": ["refused", "unknown object in a schema of the server's own"],
  "row of a system table": ["checked", "names and comments of people's own stand there"],
  "replication login": ["refused", "it holds a login to another server"],
  "spatial reference system": ["checked", "its names and descriptions are free text"],
  "column mask": [
    "refused",
    "its policies show other values than the tables hold, so that what is read proves nothing, and they stay in a snapshot",
  ],
};

/** The policy for one object: one that would be kept is refused where its text looks sensitive or cannot be read. */
export function policyFor({ kind, text, holds = [] }: SchemaObject): readonly [policy: ObjectPolicy, reason: string] {
  const [policy, reason] = objectPolicies[kind];
  if (policy !== "checked") return [policy, reason];
  if (text === "sensitive") {
    return ["refused", `its ${kind === "name" ? "name" : "text"} looks sensitive: ${holds.join(", ")}`];
  }
  if (text === "unreadable") return ["refused", "the master user may not read its text"];
  return [policy, reason];
}

/**
 * What a database contains, for people; nothing where it is empty, down to comments and settings that look sensitive. `before` the
 * scrub, what the scrub removes does not count; `after` it, it does.
 */
export function contentsOf(info: DatabaseInfo, when: "before" | "after"): readonly string[] {
  if (!info.connectable) return ["the master user cannot connect to it"];
  if (!info.empty) return info.userObjects.length > 0 ? info.userObjects : ["objects of users"];
  return info.objects.flatMap((object) => {
    const [policy, reason] = policyFor(object);
    const passes = policy === "checked" ||
      when === "before" && (policy !== "refused" || info.clearable.includes(object));
    return passes ? [] : [`${object.kind} ${object.name} (${reason})`];
  });
}

/** Drops or empties what must not be in a snapshot of a PostgreSQL database, and refills what was emptied. @module */

import type { Step } from "../../engine/engine.ts";
import type { SchemaObject } from "../../engine/inventory.ts";
import { Name, trusted } from "../../engine/sql.ts";
import { sql } from "../sql/literals.ts";

/** Drops or empties objects: subscriptions first, since they change rows. */
export function dropObjects(objects: readonly SchemaObject[]): readonly Step[] {
  return [
    ...of(objects, "subscription").flatMap(endSubscription),
    // CASCADE drops their user mappings and foreign tables, and what reads those.
    ...of(objects, "foreign server").map(({ name, object = name }): Step => ({
      label: `drop foreign server ${name}`,
      sql: sql`DROP SERVER ${new Name(object)} CASCADE`,
    })),
    ...of(objects, "dead index").map(({ name, object = name }): Step => ({
      label: `drop dead index ${name}`,
      sql: sql`DROP INDEX IF EXISTS ${trusted(object)}`,
    })),
    // Removes the old file with its copies of unscrubbed rows. Last first: one may read another.
    ...of(objects, "materialised view").toReversed().map(({ name, object = name }): Step => ({
      label: `empty materialised view ${name}`,
      sql: sql`REFRESH MATERIALIZED VIEW ${trusted(object)} WITH NO DATA`,
    })),
  ];
}

/** Refreshes materialised views from scrubbed rows. */
export function refillObjects(objects: readonly SchemaObject[]): readonly Step[] {
  return of(objects, "materialised view").map(({ name, object = name }): Step => ({
    label: `refresh materialised view ${name}`,
    sql: sql`REFRESH MATERIALIZED VIEW ${trusted(object)}`,
  }));
}

/** Those of one kind; relations' names are quoted by the server. */
function of(objects: readonly SchemaObject[], kind: SchemaObject["kind"]): readonly SchemaObject[] {
  return objects.filter((object) => object.kind === kind);
}

/** Without a slot to drop, nothing contacts the publisher. */
function endSubscription({ name, object = name }: SchemaObject): readonly Step[] {
  const subscription = new Name(object);
  return [
    { label: `disable subscription ${name}`, sql: sql`ALTER SUBSCRIPTION ${subscription} DISABLE` },
    { label: `detach subscription ${name}`, sql: sql`ALTER SUBSCRIPTION ${subscription} SET (slot_name = NONE)` },
    { label: `drop subscription ${name}`, sql: sql`DROP SUBSCRIPTION ${subscription}` },
  ];
}

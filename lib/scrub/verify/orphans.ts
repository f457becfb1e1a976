/** Counts rows whose references lead nowhere. @module */

import { inGroups } from "../../core/in_groups.ts";
import type { Engine } from "../../engine/engine.ts";
import type { Schema } from "../../engine/schema.ts";
import { joinSql, Name, type Sql } from "../../engine/sql.ts";
import type { Pooled } from "../parallel/session_pool.ts";
import { child, leadsNowhere, leadsTo, references, tableOf } from "../plan/references.ts";
import type { BoundReference } from "../rules/bind_references.ts";

/** More joins in a statement than PostgreSQL puts into the best order by default. */
const mostJoins = 8;

/**
 * The rows that lead nowhere by each of the references, in their order. PostgreSQL reads a table for several of them once: it has to read
 * rows as a whole. MySQL reads the index of each, which every foreign key has.
 *
 * @throws {TypeError} where the server returns no number: unknown must not pass for none.
 */
export async function countOrphans(
  { engine, session, schema }: Pooled,
  all: readonly BoundReference[],
): Promise<readonly number[]> {
  const together = engine.name === "postgresql" ? all.filter((one) => findsOneAtMost(schema, one)) : [];
  const byChild = Map.groupBy(together, (one) => one.child).values();
  const groups = [
    ...[...byChild].flatMap((some) => inGroups(some, mostJoins)),
    ...all.filter((one) => !together.includes(one)).map((one) => [one]),
  ];
  const orphans = new Map<BoundReference, number>();
  for (const group of groups) {
    const [row] = await session.scan(group.length > 1 ? joined(engine, schema, group) : single(engine, schema, group));
    for (const [at, one] of group.entries()) orphans.set(one, Number(row?.[`o${at}`]));
  }
  return all.map((one) => {
    const count = orphans.get(one);
    if (!Number.isSafeInteger(count)) {
      throw new TypeError(`Cannot count orphans of ${one.child}: the scan gave no number`);
    }
    return count ?? NaN;
  });
}

/** Whether a join finds one row at most: more would count the rows of other references too often. */
function findsOneAtMost(schema: Schema, { parent, parentColumns, asText, period }: BoundReference): boolean {
  const { primaryKey } = tableOf(schema, parent);
  return !asText && !period && new Set(primaryKey).symmetricDifference(new Set(parentColumns)).size === 0;
}

function single(engine: Engine, schema: Schema, [reference]: readonly BoundReference[]): Sql {
  const { sql } = engine.expressions;
  if (!reference) throw new TypeError("Cannot count orphans: there is no reference");
  const table = engine.ownRows(schema.database, tableOf(schema, reference.child));
  return sql`SELECT count(*) AS o0 FROM ${table} AS ${child} WHERE ${leadsNowhere(engine, schema, reference)}`;
}

function joined(engine: Engine, schema: Schema, group: readonly BoundReference[]): Sql {
  const { sql } = engine.expressions;
  const parts = group.map((reference, at) => {
    const parent = new Name(`parent${at}`);
    const [first = ""] = reference.parentColumns;
    const isOrphan = sql`${references(engine, reference)} AND ${parent}.${new Name(first)} IS NULL`;
    return {
      table: engine.ownRows(schema.database, tableOf(schema, reference.child)),
      count: sql`coalesce(sum(CASE WHEN ${isOrphan} THEN 1 ELSE 0 END), 0) AS ${new Name(`o${at}`)}`,
      join: sql`LEFT JOIN ${engine.tableName(schema.database, tableOf(schema, reference.parent))} AS ${parent} ON ${
        leadsTo(engine, schema, reference, parent)
      }`,
    };
  });
  const [from] = parts;
  if (!from) throw new TypeError("Cannot count orphans: there is no reference");
  return sql`SELECT ${joinSql(parts.map(({ count }) => count), ", ")} FROM ${from.table} AS ${child} ${
    joinSql(parts.map(({ join }) => join), " ")
  }`;
}

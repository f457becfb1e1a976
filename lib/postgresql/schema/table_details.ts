/** Reads what the planner must know of each table besides the live schema. @module */

import type { Cell, Session } from "../../engine/engine.ts";
import type {
  AlwaysFiringObject,
  IndexTarget,
  PostgresqlColumn,
  PostgresqlDetails,
  StatisticsObject,
} from "../../engine/postgresql_details.ts";
import { copyObstaclesQuery } from "./copy_obstacles.ts";
import {
  alwaysFiringQuery,
  columnDetailsQuery,
  indexTargetsQuery,
  statisticsQuery,
  tableDetailsQuery,
} from "./table_detail_queries.ts";

type Row = Readonly<Record<string, Cell>>;

/** The details by the tables' OIDs, in six queries. `ids`: {@linkcode Table.id} by OID. */
export async function readDetails(
  session: Session,
  ids: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, PostgresqlDetails>> {
  const columns = byTable(await session.query(columnDetailsQuery));
  const alwaysFiring = byTable(await session.query(alwaysFiringQuery));
  const indexTargets = byTable(await session.query(indexTargetsQuery));
  const statistics = byTable(await session.query(statisticsQuery));
  const copies = new Map((await session.query(copyObstaclesQuery)).map((row) => [String(row["oid"]), row]));
  return new Map((await session.query(tableDetailsQuery)).map((row): [string, PostgresqlDetails] => {
    const oid = String(row["oid"]);
    const root = row["top"] === null ? undefined : ids.get(String(row["top"]));
    return [oid, {
      ...(row["obstacle"] !== null && { obstacle: String(row["obstacle"]) }),
      ...toCopy(copies.get(oid)),
      ...(root !== undefined && { root }),
      hasNoStorage: row["has_no_storage"] === true,
      columns: (columns.get(oid) ?? []).map(toColumn),
      alwaysFiring: (alwaysFiring.get(oid) ?? []).map(toAlwaysFiring),
      indexTargets: (indexTargets.get(oid) ?? []).map(toTarget),
      statistics: (statistics.get(oid) ?? []).map(toStatistics),
      droppedValues: row["dropped_values"] === true,
      valuesForOldRows: row["values_for_old_rows"] === true,
      computedIndexes: row["computed_indexes"] === true,
    }];
  }));
}

function byTable(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => String(row["oid"]));
}

/** Tables that are not ordinary ones have no row. */
function toCopy(row: Row | undefined): Pick<PostgresqlDetails, "copyObstacle" | "parameters"> {
  if (!row) return { copyObstacle: "it is not an ordinary table", parameters: [] };
  return {
    ...(row["obstacle"] !== null && { copyObstacle: String(row["obstacle"]) }),
    parameters: JSON.parse(String(row["parameters"])),
  };
}

const storages = { p: "PLAIN", m: "MAIN", e: "EXTERNAL", x: "EXTENDED" } as const;

function toColumn(row: Row): PostgresqlColumn {
  const { storage, compression } = row;
  return {
    name: String(row["attname"]),
    ...(row["obstacle"] !== null && { obstacle: String(row["obstacle"]) }),
    ...(row["collation"] !== null && { collation: String(row["collation"]) }),
    ...((storage === "p" || storage === "m" || storage === "e" || storage === "x") && { storage: storages[storage] }),
    ...(compression === "p" && { compression: "pglz" }),
    ...(compression === "l" && { compression: "lz4" }),
  };
}

function toAlwaysFiring(row: Row): AlwaysFiringObject {
  return {
    kind: row["kind"] === "RULE" ? "RULE" : "TRIGGER",
    name: String(row["name"]),
    fires: row["fires"] === "R" ? "REPLICA" : "ALWAYS",
  };
}

function toTarget(row: Row): IndexTarget {
  return {
    schema: String(row["nspname"]),
    index: String(row["relname"]),
    column: Number(row["attnum"]),
    target: Number(row["target"]),
  };
}

function toStatistics(row: Row): StatisticsObject {
  const target = row["target"] === null ? -1 : Number(row["target"]);
  return {
    schema: String(row["nspname"]),
    name: String(row["stxname"]),
    owner: String(row["owner"]),
    ...(target >= 0 && { target }),
  };
}

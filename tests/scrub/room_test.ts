/** Room for a scrub is looked for before the first change. @module */

import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import type { TablePlan } from "../../lib/engine/engine.ts";
import type { Schema, Table } from "../../lib/engine/schema.ts";
import { ScrubError } from "../../lib/report/error.ts";
import { refuseWithoutRoom, type Roomed } from "../../lib/scrub/room.ts";

const GIB = 2 ** 30;

/** A database whose tables have so many GiB each, all of which a plan needs once more. */
function database(gib: readonly number[], kind: Table["kind"] = "table"): Roomed {
  const tables = gib.map((size, at): Table => ({
    id: `t${at}`,
    schema: "public",
    name: `t${at}`,
    kind,
    columns: [],
    primaryKey: [],
    uniqueKeys: [],
    rows: 0,
    bytes: size * GIB,
    hasTriggers: false,
  }));
  const schema: Schema = { engine: "postgresql", database: "d", version: 180000, tables, foreignKeys: [] };
  const plans = tables.map((table): TablePlan => ({
    table,
    shape: "rewrite",
    why: "",
    locks: [],
    peakBytes: table.bytes,
    steps: [],
  }));
  return { schema, plans };
}

const cases: readonly {
  readonly what: string;
  readonly databases: readonly Roomed[];
  readonly concurrency: number;
  readonly storage: number | undefined;
  readonly refused?: RegExp;
}[] = [
  { what: "as much as is needed is enough", databases: [database([4, 2])], concurrency: 1, storage: 10 },
  {
    what: "a little less is refused, with the figures",
    databases: [database([4, 2])],
    concurrency: 1,
    storage: 9.9,
    refused: /storage of 9\.9 GiB: its tables hold 6\.0 GiB, and to rewrite them needs 4\.0 GiB more/,
  },
  {
    what: "two at a time need room for the two greatest",
    databases: [database([4, 2, 1])],
    concurrency: 2,
    storage: 12,
    refused: /6\.0 GiB more/,
  },
  {
    what: "databases are scrubbed one after the other, but all hold their tables",
    databases: [database([4]), database([3])],
    concurrency: 1,
    storage: 10,
    refused: /hold 7\.0 GiB, and to rewrite them needs 4\.0 GiB more/,
  },
  {
    what: "a partitioned table's bytes are its partitions'",
    databases: [database([9], "partitioned")],
    concurrency: 1,
    storage: 9,
  },
  {
    what: "storage that RDS does not tell refuses nothing",
    databases: [database([4])],
    concurrency: 1,
    storage: undefined,
  },
];

for (const { what, databases, concurrency, storage, refused } of cases) {
  Deno.test(`refuseWithoutRoom(): ${what}`, () => {
    const bytes = storage === undefined ? undefined : storage * GIB;
    if (!refused) return assertEquals(refuseWithoutRoom(databases, concurrency, bytes), undefined);
    const error = assertThrows(() => refuseWithoutRoom(databases, concurrency, bytes), ScrubError);
    assertMatch(error.message, refused);
  });
}

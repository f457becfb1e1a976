/** A few hundred rows in an application's own schema: what a run costs whatever the size of the data. @module */

import type { EngineName } from "../../lib/core/engine_name.ts";
import { scrubbers } from "../../scrubbers/mod.ts";
import { fill } from "../../tests/fixtures/fill.ts";
import { type SchemaName, schemaStatements } from "../../tests/fixtures/load.ts";
import { createDatabase } from "../../tests/fixtures/server_database.ts";
import type { Server } from "../local_rds/server.ts";
import type { BenchCase } from "./cases.ts";

const applications: Readonly<
  Record<EngineName, { readonly database: string; readonly schema: SchemaName; readonly each: number; rows: number }>
> = {
  postgresql: { database: "email_alert_api", schema: "email_alert_api-2026", each: 25, rows: 325 },
  mysql: { database: "whitehall", schema: "whitehall-2026", each: 5, rows: 805 },
};

/** The case of an engine. Rows that the rules keep have marks, too. */
export async function fewRows(engine: EngineName): Promise<BenchCase> {
  const { database, schema, each, rows } = applications[engine];
  const statements = await schemaStatements(schema);
  const scrubber = scrubbers.find(({ name }) => name.replaceAll("-", "_") === database);
  if (!scrubber) throw new TypeError(`Cannot scrub "${database}": no scrubber has its name`);
  return {
    name: "a few hundred rows",
    engine,
    rows,
    database,
    tables: statements.flatMap((statement) => /^CREATE TABLE (?:public\.)?[`"]?(\w+)/.exec(statement)?.slice(1) ?? []),
    scrubber,
    fixedCosts: true,
    async fill(server: Server) {
      const role = engine === "postgresql" ? "application" : undefined;
      const counts = await fill(await createDatabase(server, schema, database, role), {
        rows: each,
        editionsOnly: true,
      });
      const filled = [...counts.values()].reduce((sum, count) => sum + count, 0);
      if (filled !== rows) throw new TypeError(`Cannot measure ${rows} rows: there are ${filled}`);
    },
  };
}

/** Objects of a PostgreSQL server. @module */

import { address, type ServerCase } from "./case.ts";

/** What the inventory of the server finds, by kind. */
export const postgresqlServerCases: readonly ServerCase[] = [
  {
    kind: "comment",
    statements: "COMMENT ON ROLE application IS 'call 020 7946 0018'",
    refused: ["comment role application"],
    undo: "COMMENT ON ROLE application IS NULL",
  },
  {
    kind: "setting",
    statements: "ALTER ROLE application SET app.api_token = 'zmark-of-a-token'",
    refused: ["setting role application: app.api_token"],
    undo: "ALTER ROLE application RESET ALL",
  },
  {
    kind: "comment",
    statements: `COMMENT ON DATABASE template1 IS 'ask ${address}'`,
    refused: ["comment database template1"],
    undo: "COMMENT ON DATABASE template1 IS NULL",
  },
  {
    kind: "setting",
    statements: `ALTER ROLE application IN DATABASE rdsadmin SET application_name = '${address}'`,
    refused: ["setting role application: application_name"],
    undo: "ALTER ROLE application IN DATABASE rdsadmin RESET ALL",
  },
  {
    kind: "collation",
    statements: `UPDATE pg_database SET datcollversion = '${address}' WHERE datname = 'template0'`,
    refused: ["collation of database 4"],
    undo: "UPDATE pg_database SET datcollversion = NULL WHERE datname = 'template0'",
  },
  {
    kind: "option",
    statements: "ALTER ROLE application CONNECTION LIMIT 2079460123",
    refused: ["option connection limit of role application"],
    undo: "ALTER ROLE application CONNECTION LIMIT 60",
  },
  {
    kind: "option",
    statements: "ALTER ROLE application VALID UNTIL '1970-01-30 18:30+00'",
    refused: ["option last day of role application"],
    undo: "ALTER ROLE application VALID UNTIL 'infinity'",
  },
  {
    kind: "option",
    statements: "ALTER TABLESPACE pg_default SET (random_page_cost = 447.700900124)",
    refused: ["option tablespace 1663"],
    undo: "ALTER TABLESPACE pg_default RESET (random_page_cost)",
  },
  {
    kind: "name",
    statements: `CREATE ROLE "${address}"`,
    refused: ["name pg_authid :oid"],
    undo: `DROP ROLE "${address}"`,
  },
  {
    kind: "name",
    statements: `SELECT pg_replication_origin_create('${address}')`,
    refused: ["name pg_replication_origin :n"],
    undo: `SELECT pg_replication_origin_drop('${address}')`,
  },
];

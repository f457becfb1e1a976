/** Which databases by URL are protected by their names and hosts. @module */

import { assertEquals, assertThrows } from "@std/assert";
import { protectionOf, readPatterns } from "../../../lib/cli/settings/protected.ts";
import type { ParsedOptions } from "../../../lib/cli/parse/parsed_options.ts";
import { ScrubError } from "../../../lib/core/errors.ts";

const rds = "orders.abc123.eu-west-1.rds.amazonaws.com";
const workspace = "scrubber-postgres-0a1b.abc123.eu-west-1.rds.amazonaws.com";

for (
  const { host = "localhost", database = "orders", patterns = [], unprotected = [], names, managed = false } of [
    { database: "orders_dev", names: [] },
    { database: "orders_production", names: ["orders_production"] },
    { database: "orders_production", unprotected: ["orders_production"], names: [] },
    { database: "orders_production", unprotected: ["orders"], names: ["orders_production"] },
    { database: "orders_production", unprotected: ["ORDERS_PRODUCTION"], names: ["orders_production"] },
    { database: "Orders-PROD2", names: ["Orders-PROD2"] },
    { database: "reproduction", names: [] },
    { database: "olives_delivery", names: [] },
    { database: "live", names: ["live"] },
    { host: "mysql-primary.internal", names: ["mysql-primary.internal"] },
    { host: "db.prod.example", database: "live", names: ["live", "db.prod.example"] },
    { host: "db.prod.example", database: "live", unprotected: ["live"], names: ["db.prod.example"] },
    { host: "db.prod.example", unprotected: ["db.prod.example"], names: [], managed: true },
    { database: "orders_staging", patterns: ["staging"], names: ["orders_staging"] },
    { database: "orders", patterns: ["ord*"], names: ["orders"] },
    { host: "a.internal.example", patterns: ["*.internal.example"], names: ["a.internal.example"] },
    { host: "a.internalxexample", patterns: ["*.internal.example"], names: [] },
    { host: rds, names: [rds] },
    { host: rds, unprotected: [rds], names: [], managed: true },
    { host: workspace, names: [], managed: true },
    { host: "scrubber-postgres-0a1b.example", names: [] },
  ] as readonly {
    readonly host?: string;
    readonly database?: string;
    readonly patterns?: readonly string[];
    readonly unprotected?: readonly string[];
    readonly names: readonly string[];
    readonly managed?: boolean;
  }[]
) {
  const options = [
    ...patterns.map((one) => ` --protected ${one}`),
    ...unprotected.map((one) => ` --unprotected ${one}`),
  ];
  const what = `${database} at ${host}${options.join("")}`;
  Deno.test(`protectionOf() ${names.length === 0 ? "takes" : "refuses"} ${what}`, () => {
    const found = protectionOf({ host, database }, patterns, unprotected);
    assertEquals([found.names, found.reasons.length > 0, found.allowManaged], [names, names.length > 0, managed]);
  });
}

Deno.test("readPatterns() refuses what can't be part of a name or host", () => {
  const parsed = { list: () => ["staging", "a b"], label: () => "--protected" } as unknown as ParsedOptions;
  assertThrows(() => readPatterns(parsed), ScrubError, `Cannot use --protected: "a b"`);
});

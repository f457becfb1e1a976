/** What the command `scrubbers` prints. @module */

import { assertEquals } from "@std/assert";
import { listScrubbers } from "../../../lib/cli/commands/scrubbers.ts";
import type { Scrubber } from "../../../lib/scrub/rules/definition.ts";
import { constant, email, keep, setNull } from "../../../lib/scrub/rules/strategies.ts";

const shop: Scrubber = {
  name: "shop",
  engine: "mysql",
  summary: "customers become nobody",
  reviewed: [],
  define: (schema) => ({
    selections: { old: { of: "orders", where: ["true"] } },
    tables: {
      customers: {
        columns: {
          mail: email(),
          note: { ...setNull(), only: "old" },
          ...schema.has("customers", "label") && { label: constant("x") },
          kind: keep("a number"),
        },
      },
      orders: { deleteRows: "old", columns: {} },
      prices: { keep: "public" },
    },
  }),
};

Deno.test("listScrubbers() names scrubbers, selections, tables and rules", () => {
  assertEquals(
    listScrubbers([shop]),
    `shop (mysql): customers become nobody
  selection old: rows of orders
  customers
    mail: email
    note: setNull, only rows of old
    label: constant x
    kind: keep a number
  orders: rows of old deleted
  prices: kept, public
`,
  );
});

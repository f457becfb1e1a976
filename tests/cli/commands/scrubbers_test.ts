/** What the command `scrubbers` prints. @module */

import { assertEquals, assertThrows } from "@std/assert";
import { scrubbersText } from "../../../lib/cli/commands/scrubbers.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
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
      carts: {
        keepRows: "old",
        references: [{ columns: ["buyer"], to: "customers" }, {
          columns: ["item"],
          type: "kind",
          to: { A: "orders", B: null },
        }],
        columns: {},
      },
      words: { keepReferenced: true, columns: {} },
    },
  }),
};

Deno.test("scrubbersText() of one names its selections, tables and rules", () => {
  assertEquals(
    scrubbersText([shop], { name: "shop", format: "table" }),
    `shop (mysql): customers become nobody
  selection old: rows of orders
  customers
    mail: email
    note: setNull, only rows of old
    label: constant x
    kind: keep a number
  orders: rows of old deleted
  prices: kept, public
  carts: only rows of old kept, with what they need; buyer references customers; item references orders
  words: only rows kept that remaining rows reference
`,
  );
});

Deno.test("scrubbersText() lists names and summaries", () => {
  assertEquals(
    scrubbersText([shop], { format: "table" }),
    "shop (mysql): customers become nobody\n\ndatascrubber scrubbers NAME shows the tables and rules of one.\n",
  );
});

Deno.test("scrubbersText() in JSON has the names, and of one its tables with their rules", () => {
  assertEquals(JSON.parse(scrubbersText([shop], { format: "json" })), {
    version: 1,
    scrubbers: [{ name: "shop", engine: "mysql", summary: "customers become nobody" }],
  });
  const [one] = JSON.parse(scrubbersText([shop], { name: "shop", format: "json" })).scrubbers;
  assertEquals(one.selections, { old: { of: "orders" } });
  assertEquals([one.tables.customers.columns.mail.strategy, one.tables.prices], ["email", { keep: "public" }]);
});

Deno.test("scrubbersText() names the scrubber that was meant", () => {
  const error = assertThrows(() => scrubbersText([shop], { name: "shp", format: "table" }), ScrubError);
  assertEquals([error.message, error.hint], ['Cannot describe "shp": no scrubber is called so', "Did you mean shop?"]);
});

import { assertEquals, assertThrows } from "@std/assert";
import { trusted } from "../../../lib/engine/sql.ts";
import { mysql as engine } from "../../../lib/mysql/mod.ts";
import { mysqlOnly, productOf, spelledBy } from "../../../lib/mysql/sql/product.ts";
import { mysqlProducts } from "../../servers.ts";
import { key, never, target } from "../fixture.ts";

for (const { product, start } of mysqlProducts) {
  Deno.test({
    name:
      `${product}: a session knows the product, whatever version it says, reads its spelling, and holds the pseudonym key`,
    async fn() {
      await using server = await start(product === "MariaDB" ? { settings: { version: "8.0.36" } } : {});
      await using session = await engine.open(target(server), key, never);
      assertEquals(await productOf(session), product.toLowerCase());
      const spelled = spelledBy({ mysql: "'MySQL'", mariadb: "'MariaDB'" });
      const [row] = await session.query(trusted(`SELECT ${spelled.text} AS own, HEX(@datascrubber_key) AS held`));
      assertEquals(row, { own: product, held: key.toHex().toUpperCase() });
    },
  });
}

Deno.test("what one product alone reads holds no comment, which would end its own", () => {
  assertThrows(() => mysqlOnly("1 /* one */"), TypeError);
});

/** A database of MariaDB's own types is scrubbed and verified like any other. @module */

import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { email, json, keep, name, opaque, setNull, template } from "../../../lib/scrub/rules/strategies.ts";
import { hasMariadb } from "../../../scripts/local_rds/programs.ts";
import { mariadb } from "../../servers.ts";
import { createTestDatabase, scrubberOf, scrubFixture } from "../scrub_fixture.ts";

const statements = `
  CREATE SEQUENCE numbers START WITH 100;
  CREATE TABLE people (id uuid DEFAULT uuid() PRIMARY KEY, number bigint NOT NULL DEFAULT nextval(numbers) UNIQUE, mail varchar(99),
    full_name varchar(99) COMPRESSED, hidden varchar(99) INVISIBLE, details json, seen_from inet6, kept_from inet4, outside uuid,
    begins date, ends date, PERIOD FOR valid (begins, ends));
  CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, person uuid, note text)
    PARTITION BY HASH (id) PARTITIONS 2`;

Deno.test({
  name: "MariaDB: uuid, inet, compressed and invisible columns, documents and periods are scrubbed and verified",
  ignore: !hasMariadb,
  async fn() {
    await using server = await mariadb();
    await createTestDatabase(server, "mysql", "types", statements);
    await server.run(
      `INSERT INTO people (mail, full_name, hidden, details, seen_from, kept_from, outside, begins, ends) VALUES
          ('ann@zmark.uk', 'Ann Zmark', 'zmark hidden', '{"mail": "ann@zmark.uk", "n": 1}', '2001:db8::5', '10.0.0.7', uuid(), '2020-01-01', '2021-01-01'),
          (NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2020-01-01', '2021-01-01');
        INSERT INTO people (outside, begins, ends) SELECT uuid(), '2020-01-01', '2021-01-01' FROM seq_1_to_200;
        INSERT INTO orders (person, note) SELECT id, 'x' FROM people`,
      "types",
    );
    const all = "SELECT people.*, hidden FROM people ORDER BY number";
    const before = await server.run(all, "types");
    const why = "a test keeps it";
    const scrubber = scrubberOf("mysql", {
      people: {
        columns: {
          id: keep(why),
          number: keep(why),
          mail: email(),
          full_name: name(),
          hidden: template("{hash}"),
          details: json({ "$.mail": email() }),
          seen_from: setNull(),
          kept_from: keep(why),
          outside: opaque(),
          begins: keep(why),
          ends: keep(why),
        },
      },
      orders: { columns: { person: keep(why), note: keep(why) } },
    });
    await scrubFixture(server, "mysql", "types", scrubber);
    const after = await server.run(all, "types");
    const [[was = {}, empty = {}], [is = {}, still = {}]] = [before, after];
    assertEquals(still, empty);
    for (const kept of ["id", "number", "kept_from", "begins", "ends"]) assertEquals(is[kept], was[kept], kept);
    for (const column of ["mail", "full_name", "hidden", "details", "seen_from", "outside"]) {
      assertNotEquals(is[column], was[column], column);
    }
    assertEquals(is.seen_from, null);
    assertMatch(String(is.outside), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const [document] = await server.run(
      "SELECT JSON_VALUE(details, '$.mail') AS mail, JSON_VALUE(details, '$.n') AS n FROM people ORDER BY number LIMIT 1",
      "types",
    );
    assertEquals([document?.mail, document?.n], [is.mail, "1"]);
  },
});

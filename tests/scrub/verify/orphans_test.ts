/** Orphans on real servers: as many as there are, whether a table is read for one reference or for several. @module */

import { assertEquals } from "@std/assert";
import { trusted } from "../../../lib/engine/sql.ts";
import { countOrphans } from "../../../lib/scrub/verify/orphans.ts";
import { keep } from "../../../lib/scrub/rules/strategies.ts";
import { createTestDatabase, engineNames, planFixture, scrubberOf, serverOf } from "../scrub_fixture.ts";

/** Letters reference people twice, a place by two columns, a stamp by a key that is not the primary one, and another letter. */
const create = [
  "CREATE TABLE people (id integer PRIMARY KEY)",
  "CREATE TABLE places (street integer, house integer, PRIMARY KEY (street, house))",
  "CREATE TABLE stamps (id integer PRIMARY KEY, code integer NOT NULL UNIQUE)",
  `CREATE TABLE letters (id integer PRIMARY KEY, sender integer, receiver integer, street integer, house integer, stamp integer,
    answers integer,
    CONSTRAINT by_sender FOREIGN KEY (sender) REFERENCES people (id),
    CONSTRAINT by_receiver FOREIGN KEY (receiver) REFERENCES people (id),
    CONSTRAINT by_place FOREIGN KEY (street, house) REFERENCES places (street, house),
    CONSTRAINT by_stamp FOREIGN KEY (stamp) REFERENCES stamps (code),
    CONSTRAINT by_answer FOREIGN KEY (answers) REFERENCES letters (id))`,
  "INSERT INTO people VALUES (1), (2)",
  "INSERT INTO places (street, house) VALUES (1, 7), (2, 7)",
  "INSERT INTO stamps VALUES (1, 70), (2, 80)",
  `INSERT INTO letters VALUES (1, 1, 2, 1, 7, 70, NULL), (2, 2, 1, 2, 7, 80, 1), (3, NULL, NULL, NULL, 9, NULL, NULL)`,
].join("; ");

const orphans = `INSERT INTO letters VALUES (4, 9, 1, 1, 7, 70, 1), (5, 9, 9, 1, 7, 70, 1), (6, 9, 9, 7, 1, 70, 1),
  (7, 1, 1, NULL, 8, 10, NULL), (8, NULL, NULL, NULL, NULL, 10, 99)`;

for (const engine of engineNames) {
  const server = await serverOf(engine);
  Deno.test.afterAll(() => server.stop("now"));
  await createTestDatabase(server, engine, "post", create);
  await using opened = await planFixture(
    server,
    engine,
    "post",
    scrubberOf(engine, { letters: { columns: { stamp: keep("its price") } } }),
  );
  const { planned, session } = opened;
  const counts = async () =>
    Object.fromEntries(
      (await countOrphans(planned, planned.references)).map((count, at) => [planned.references[at]?.name, count]),
    );
  /** How often all letters have been read so far. */
  const letterReadings = async (): Promise<number> => {
    if (engine === "mysql") return NaN;
    await session.query(trusted("SELECT pg_stat_force_next_flush()"));
    const [row] = await server.run("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'letters'", "post");
    return Number(row?.["seq_scan"]);
  };
  const before = await letterReadings();
  const none = await counts();
  const readings = await letterReadings() - before;
  const triggersOff = engine === "mysql" ? "SET foreign_key_checks = 0;" : "SET session_replication_role = replica;";
  await server.run(`${triggersOff} ${orphans}`, "post");
  const some = await counts();

  Deno.test(`${engine}: there is no orphan where every row leads somewhere`, () => {
    assertEquals(none, { by_sender: 0, by_receiver: 0, by_place: 0, by_stamp: 0, by_answer: 0 });
  });

  Deno.test(`${engine}: orphans are counted for each reference, and one with a column that is NULL is none`, () => {
    assertEquals(some, { by_sender: 3, by_receiver: 2, by_place: 1, by_stamp: 2, by_answer: 1 });
  });

  if (engine === "postgresql") {
    // Once for all that lead to a primary key, once as the parent of by_answer, once for by_stamp.
    Deno.test("postgresql: a table is read once for its references to primary keys", () => assertEquals(readings, 3));
  }
}

Deno.test("postgresql: by a temporal foreign key (18), rows that the referenced ones together do not cover are orphans", async () => {
  await using server = await serverOf("postgresql");
  await createTestDatabase(
    server,
    "postgresql",
    "periods",
    `CREATE EXTENSION btree_gist;
    CREATE TABLE jobs (id integer, held daterange, PRIMARY KEY (id, held WITHOUT OVERLAPS));
    CREATE TABLE pay (id integer PRIMARY KEY, job integer, paid daterange,
      CONSTRAINT by_job FOREIGN KEY (job, PERIOD paid) REFERENCES jobs (id, PERIOD held));
    INSERT INTO jobs VALUES (1, '[2020-01-01,2021-01-01)'), (1, '[2021-01-01,2022-01-01)'), (2, '[2020-01-01,2021-01-01)');
    INSERT INTO pay VALUES (1, 1, '[2020-06-01,2021-06-01)'), (2, 2, '[2020-01-01,2020-02-01)'), (3, NULL, '[2000-01-01,)'), (4, 9, NULL)`,
  );
  await using opened = await planFixture(server, "postgresql", "periods", scrubberOf("postgresql", {}));
  const { planned } = opened;
  assertEquals(await countOrphans(planned, planned.references), [0]);
  await server.run(
    `SET session_replication_role = replica;
    INSERT INTO pay VALUES (5, 1, '[2021-06-01,2022-06-01)'), (6, 3, '[2020-01-01,2020-02-01)'), (7, 2, '[2021-01-01,2021-02-01)')`,
    "periods",
  );
  assertEquals(await countOrphans(planned, planned.references), [3]);
});

/** Values that hide in catalogues, through the whole program: each stops the run, and nothing says what it was. @module */

import { createHash } from "node:crypto";
import { assertEquals, assertMatch } from "@std/assert";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { leftIn, nothing, oneApplication, runProgram, smallDatabase } from "./stage.ts";

/** Nobody's, but of the right shape. */
const planted = {
  address: "olena@zmark.test",
  phone: "020 7946 0018",
  mobile: "+44 7700 900123",
  insurance: "AB 12 34 56 C",
  name: "Olena Zmarkenko",
};

interface Hidden {
  readonly engine: "postgres" | "mysql";
  /** Run by a superuser in the application's database, whose name stands for `:database`. */
  readonly statements: string;
  /** What the refusal says. */
  readonly told: RegExp;
}

const whitehall = "whitehall_production";

const hidden: Readonly<Record<string, Hidden>> = {
  "comment-on-a-role": {
    engine: "postgres",
    statements: `COMMENT ON ROLE application IS 'call ${planted.phone}'`,
    told: /comment role application: its text looks sensitive: telephone number/,
  },
  "statistics-expression": {
    engine: "postgres",
    statements: `CREATE STATISTICS s ON (address = '${planted.mobile}'), id FROM subscribers`,
    told: /statistics object \d+ on public\.subscribers: its text looks sensitive: telephone number/,
  },
  "row-filter": {
    engine: "postgres",
    statements: `CREATE PUBLICATION p FOR TABLE subscribers WHERE (address <> '${planted.insurance}')`,
    told: /publication p of public\.subscribers: its text looks sensitive: National Insurance number/,
  },
  "partitions-of-names": {
    engine: "postgres",
    statements: `CREATE TABLE parted (id bigint, name text) PARTITION BY LIST (name);
      CREATE TABLE part PARTITION OF parted FOR VALUES IN ('${planted.name}')`,
    told: /partition bound public\.part: its text looks sensitive: personal name/,
  },
  "schema-of-a-customer": {
    engine: "postgres",
    statements: `CREATE SCHEMA "${planted.address}"; CREATE TABLE "${planted.address}".letters (id bigint, body text)`,
    told: /name pg_namespace \d+: its name looks sensitive: mail address/,
  },
  "event-in-sys": {
    engine: "mysql",
    statements: "CREATE EVENT sys.hidden ON SCHEDULE EVERY 1 YEAR DISABLE DO SELECT 1",
    told: /object in a system schema event sys\.hidden: unknown object in a schema of the server's own/,
  },
  "mysql-partitions-of-names": {
    engine: "mysql",
    statements: `CREATE TABLE parted (id bigint, name varchar(99)) PARTITION BY LIST COLUMNS (name)
      (PARTITION part VALUES IN ('${planted.name}'))`,
    told: /partition bound part of parted: its text looks sensitive: personal name/,
  },
};

const rds = await startLocalRds();
for (const [id, { engine, statements }] of Object.entries(hidden)) {
  await rds.addProduction({
    id,
    ...await (engine === "mysql"
      ? oneApplication("whitehall-2026", whitehall, { rows: 0 })
      : oneApplication("email_alert_api-2026", smallDatabase, { rows: 1 })),
    change: async (server) => void await server.run(statements, engine === "mysql" ? whitehall : smallDatabase),
  });
}
Deno.test.afterAll(async () => await rds[Symbol.asyncDispose]());

const idsOf = (wanted: Hidden["engine"]) =>
  Object.entries(hidden).flatMap(([id, { engine }]) => engine === wanted ? [id] : []);

Deno.test("what hides in a catalogue stops each run before its first change, and no message or report holds it", async (t) => {
  const report = await Deno.makeTempFile({ suffix: ".json" });
  const args = [
    "--postgresql-instances",
    ...idsOf("postgres"),
    "--mysql-instances",
    ...idsOf("mysql"),
    "--report",
    report,
  ];
  const { code, stdout, stderr } = await runProgram(rds, args);
  const written = await Deno.readTextFile(report);
  await Deno.remove(report);
  assertEquals(code, 3, stderr);
  for (const [id, { told }] of Object.entries(hidden)) {
    await t.step(id, () => assertMatch(stdout, told));
  }
  assertEquals(Object.values(planted).filter((value) => `${stdout}${stderr}${written}`.includes(value)), []);
  assertEquals(await leftIn(rds), nothing);
});

Deno.test("an entry of any of the source's scrubbers lets an object of the server through", async () => {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const digest = createHash("sha256").update(`call ${planted.phone}`).digest("hex").slice(0, 4);
    const entry = {
      object: "comment",
      name: "role application",
      digest,
      reason: "the office's own number",
      by: "a test",
      source: "a test",
    };
    await Deno.writeTextFile(file, JSON.stringify({ "email-alert-api": [entry] }));
    const report = `${file}.report.json`;
    const args = ["--postgresql-instances", "comment-on-a-role", "--reviewed", file, "--report", report];
    const { code, stderr } = await runProgram(rds, args);
    assertEquals(code, 0, stderr);
    const { reason, by: decidedBy, source } = entry;
    const { sources: [{ reviewedObjects }] } = JSON.parse(await Deno.readTextFile(report));
    await Deno.remove(report);
    assertEquals(reviewedObjects, [{ object: "comment role application", reason, decidedBy, source }]);
    assertEquals((await leftIn(rds)).workspaces, []);
  } finally {
    await Deno.remove(file);
  }
});

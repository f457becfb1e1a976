/** Rule files through the whole program: a folder with one for each engine scrubs both productions in one run. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { RunReport } from "../../lib/core/report.ts";
import { type LocalRds, startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { instances, runProgram } from "./stage.ts";

const database = "orders_production";
/** In every value that goes, and in no other. */
const gone = "zmark";
const stays = "zstay";

const tables = `
  CREATE TABLE customers (id integer PRIMARY KEY, email varchar(80) NOT NULL, name varchar(80), pin varchar(20));
  CREATE TABLE notes (id integer PRIMARY KEY, made timestamp NOT NULL, body varchar(200));
  CREATE TABLE sessions (id integer PRIMARY KEY, token varchar(80));
  CREATE TABLE audit (id integer PRIMARY KEY, details JSON);
  CREATE TABLE countries (id integer PRIMARY KEY, name varchar(40) NOT NULL);
  INSERT INTO customers VALUES (1, '${gone}-1@mail.example', '${gone} Ada', '1'), (2, '${stays}@ours.example', '${stays} Bob', '2');
  INSERT INTO notes VALUES (1, '2001-01-01 00:00:00', '${gone} old'), (2, '2100-01-01 00:00:00', '${gone} new');
  INSERT INTO sessions VALUES (1, '${gone}-session-token-0001');
  INSERT INTO audit VALUES (1, '{"user": {"email": "${gone}-1@mail.example"}, "code": "${stays}"}');
  INSERT INTO countries VALUES (1, '${stays}land')`;

const rules = (engine: string) => `
database: orders
engine: ${engine}
summary: Customers and what they order.
selections:
  staff: { of: customers, where: "email LIKE '%@$\{OUR_DOMAIN}' AND id IN (SELECT c.id FROM {table:customers} c)" }
  old: { of: notes, where: "{column:made} < {asOf} - ${engine === "mysql" ? "INTERVAL 30 DAY" : "interval '30 days'"}" }
tables:
  customers:
    email: { email: {}, except: staff }
    name: { template: "Person {hash}", except: staff }
    pin: setNull
  notes: { deleteRows: old, columns: { body: lorem } }
  sessions: truncate
  audit: { details: { json: { "$.user.email": setNull } } }
  countries: { keep: a public list, public: true }
reviewed:
  - group: keys
    columns: { customers: { id: integer }, notes: { id: integer }, audit: { id: integer } }
    reason: counted by a test
    by: a test
    source: a test
`;

async function add(rds: LocalRds, engine: "postgresql" | "mysql"): Promise<void> {
  await rds.addProduction({
    id: instances[engine],
    engine: engine === "mysql" ? "mysql" : "postgres",
    applications: engine === "mysql" ? [] : ["application"],
    prepare: async (server) => {
      if (engine === "mysql") {
        await server.run(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
        await server.run(tables.replaceAll("timestamp NOT NULL", "datetime NOT NULL"), database);
      } else {
        await server.run(`CREATE DATABASE ${database} OWNER application`);
        await server.run(`SET ROLE application; ${tables}`, database);
      }
    },
  });
}

async function filesWith(text: string, folder: string): Promise<number> {
  const { stdout } = await new Deno.Command("grep", { args: ["-rlaF", text, folder] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter(Boolean).length;
}

Deno.test("a folder of rule files scrubs databases of both engines, and plan and report name each file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using rds = await startLocalRds();
    for (const engine of ["postgresql", "mysql"] as const) {
      await Deno.writeTextFile(`${folder}/${engine}.yaml`, rules(engine));
      await add(rds, engine);
    }
    for (const { id } of rds.snapshots()) {
      assert(await filesWith(gone, rds.dataDirOf(id)) > 0, "the search finds nothing even before the scrub");
    }
    const report = `${folder}/report.json`;
    const sources = ["--postgresql-instances", instances.postgresql, "--mysql-instances", instances.mysql];
    const named = {
      ...rds,
      environment: { ...rds.environment, OUR_DOMAIN: "ours.example", DATASCRUBBER_RULES: folder },
    };
    const { code, stdout, stderr } = await runProgram(named, [...sources, "--report", report]);
    assertEquals(code, 0, stdout + stderr);
    assertEquals(rds.made().length, 2);
    for (const made of rds.made()) {
      assertEquals(await filesWith(gone, rds.dataDirOf(made)), 0);
      assert(await filesWith(`${stays}@ours.example`, rds.dataDirOf(made)) > 0, "staff was scrubbed");
    }
    const written: RunReport = JSON.parse(await Deno.readTextFile(report));
    for (const engine of ["postgresql", "mysql"]) {
      const path = `${folder}/${engine}.yaml`;
      const bytes = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
      const sha256 = new Uint8Array(bytes).toHex();
      const source = written.sources.find((one) => one.engine === engine);
      const found = source?.databases.find((one) => one.database === database);
      assertEquals(found?.rules, { path, sha256 });
      assertEquals(found?.scrubber, "orders");
      const changed = found?.tables.find(({ table }) => table === "customers")?.rowsChanged;
      assertEquals(changed, 2, "pin of both, email and name of one");
      assertStringIncludes(stderr, `scrubbed by "orders" of ${path} (SHA-256 ${sha256})`);
      const email = found?.coverage?.columns?.find(({ table, column }) => table === "customers" && column === "email");
      assertEquals(email?.reason, "email, all rows but those of staff");
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a wrong rule file stops a run before AWS is called", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/orders.yaml`;
    await Deno.writeTextFile(path, rules("postgresql").replace("sessions: truncate", "sessions: trunkate"));
    await using rds = await startLocalRds();
    const { code, stderr } = await runProgram(rds, ["--postgresql-instances", "x", "--rules", path]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, `${path}:6:34: the environment has no variable OUR_DOMAIN`);
    assertStringIncludes(stderr, `${path}:14:13: the rule of table "sessions" is "trunkate"; did you mean "truncate"?`);
    assertEquals(rds.callLog.calls(), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

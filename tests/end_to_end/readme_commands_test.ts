/** The commands of the project's README, typed for real: against a server as on a laptop, and against the local RDS. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { typed } from "../cli/help/typed.ts";
import { startProgram } from "../fleet/program.ts";
import { type LocalRds, startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import type { Server } from "../../scripts/local_rds/server.ts";
import { startDnsServer } from "./dns_server.ts";
import { laptop, password } from "./scrub_url_stage.ts";
import { commonArguments, leftIn, nothing, receiver } from "./stage.ts";

const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
const lines = [...readme.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].flatMap(([, block = ""]) =>
  block.replaceAll(/\\\n */g, "").split("\n").filter((line) => line.startsWith("datascrubber "))
);
/** The README's rule file. */
const rules = [...readme.matchAll(/^ *```yaml\n(.*?)^ *```$/gms)].map(([, block = ""]) => block)
  .find((block) => /^database: orders/m.test(block)) ?? "";

/** How the lines begin that the tests below type. */
const beginnings = [
  "init orders.yaml",
  "plan --url",
  "scrub --url",
  "--dry-run --postgresql-instances orders-db",
  "parameter-group orders-db",
  "plan --postgresql-instances orders-db",
  "--postgresql-instances orders-db",
  "--postgresql-instances email-alert-api",
] as const;

/** The line that begins in this way. */
function lineOf(beginning: typeof beginnings[number]): string {
  return lines.find((line) => line.startsWith(`datascrubber ${beginning}`)) ?? "";
}

Deno.test("every command in the README's blocks is typed by a test of this file", () => {
  assertEquals(
    lines.map((line) => beginnings.find((one) => line.startsWith(`datascrubber ${one}`)) ?? line).toSorted(),
    [
      ...beginnings,
    ].toSorted(),
  );
});

const folder = await Deno.makeTempDir({ prefix: "readme-" });
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));

/** Types a line in the folder, with what is different here. */
async function type(line: string, more: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) {
  const { args } = typed(line);
  const here = args.map((arg) => arg.replace("postgresql://me@localhost/", environment["HERE"] ?? ""));
  const result = await startProgram([...here, ...more], environment, undefined, folder).ended();
  return { ...result, text: result.stdout + result.stderr };
}

/** What the README's rule file is about; in every value that goes is a mark. */
const schema = `
  CREATE TABLE customers (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email varchar(80) NOT NULL, name varchar(80), date_of_birth date);
  CREATE TABLE notes (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text, created_at timestamp NOT NULL DEFAULT now());
  CREATE TABLE sessions (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, token varchar(80));
  CREATE TABLE countries (code char(2), name varchar(40));
  CREATE TABLE shops (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
  INSERT INTO customers (email, name, date_of_birth) VALUES ('zmarkperson1@mail.example', 'zmarkperson One', '1971-02-03'),
    ('ann@ourcompany.example', 'Ann', '1980-04-05');
  INSERT INTO notes (body, created_at) VALUES ('zmarkperson rang', now()), ('zmarkperson long ago', '2001-01-01');
  INSERT INTO sessions (token) VALUES ('zmarkperson-session-token-0001');
  INSERT INTO countries VALUES ('GB', 'Great Britain');
  INSERT INTO shops (name) VALUES ('High Street')`;

/** How many rows of customers, notes and sessions still hold a mark. */
async function marked(server: Server, database: string): Promise<number> {
  const [row] = await server.run(
    `SELECT (SELECT count(*) FROM customers c WHERE c::text LIKE '%zmarkperson%') + (SELECT count(*) FROM notes n
      WHERE n::text LIKE '%zmarkperson%') + (SELECT count(*) FROM sessions) AS found`,
    database,
  );
  return Number(row?.["found"]);
}

for (
  const [args, said] of [
    ["help rules", "A rule file says"],
    ["help init", "Usage: datascrubber init FILE"],
    ["--version", "datascrubber 2"],
    ["strategies", "shiftDate"],
    ["strategies template", "template"],
    ["scrubbers", "whitehall"],
    ["rules check orders.yaml", "orders"],
    ["rules schema", '"$schema"'],
    ["report schema", '"$schema"'],
    ["config schema", '"$schema"'],
    ["man", ".TH DATASCRUBBER"],
    ["completions bash", "complete"],
    ["completions zsh", "#compdef"],
    ["completions fish", "complete"],
  ] as const
) {
  Deno.test(`datascrubber ${args} needs nothing but the program`, async () => {
    await Deno.writeTextFile(`${folder}/orders.yaml`, rules);
    const { code, text } = await type(`datascrubber ${args}`);
    assertEquals(code, 0, text);
    assertStringIncludes(text, said);
  });
}

Deno.test("your own database: init, rules check, review, plan and scrub, as the README has them", async (t) => {
  await using place = await laptop("postgresql");
  const { server } = place;
  await server.run("CREATE DATABASE orders_dev");
  await server.run(schema, "orders_dev");
  const HERE = `postgresql://developer@localhost:${server.port}/`;
  const here = { HERE, PGPASSWORD: password };
  const url = `${HERE}orders_dev`;
  await Deno.remove(`${folder}/orders.yaml`).catch(() => {});

  await t.step("init drafts a rule file", async () => {
    const { code, text } = await type(lineOf("init orders.yaml"), [], here);
    assert(code === 0 || code === 3, text); // 3: something is left to decide
    assertStringIncludes(await Deno.readTextFile(`${folder}/orders.yaml`), "customers:");
  });

  await Deno.writeTextFile(`${folder}/orders.yaml`, rules);
  for (
    const [command, said] of [
      ["rules check orders.yaml --url", 'fit database "orders_dev"'],
      ["review --rules orders.yaml --url", "classified"],
    ] as const
  ) {
    await t.step(`${command} finds the README's rule file in order`, async () => {
      const { code, text } = await type(`datascrubber ${command} ${url}`, [], here);
      assertEquals(code, 0, text);
      assertStringIncludes(text, said);
    });
  }

  await t.step("plan shows what would be done, and does nothing", async () => {
    const { code, text } = await type(lineOf("plan --url"), [], here);
    assertEquals(code, 0, text);
    assertStringIncludes(text, "customers");
    assert(await marked(server, "orders_dev") > 0);
  });

  await t.step("scrub changes the database where it is", async () => {
    // Without a terminal nobody can be asked for the name.
    const { code, text } = await type(lineOf("scrub --url"), ["--yes-scrub", "orders_dev"], here);
    assertEquals([code, await marked(server, "orders_dev")], [0, 0], text);
  });
});

async function ordersInRds(): Promise<LocalRds> {
  const rds = await startLocalRds();
  await rds.addProduction({
    id: "orders-db",
    engine: "postgres",
    applications: ["application"],
    prepare: async (server) => {
      await server.run("CREATE DATABASE orders_production OWNER application");
      await server.run(`SET ROLE application; ${schema}`, "orders_production");
      await server.run("CREATE DATABASE scratchpad OWNER application");
    },
  });
  return rds;
}

Deno.test("use with RDS: dry run, parameter group, plan, run, status, verify-report and sweep, as the READMEs have them", async (t) => {
  await using rds = await ordersInRds();
  await Deno.writeTextFile(`${folder}/orders.yaml`, rules);
  const own = commonArguments(rds);

  await t.step("the dry run looks, and makes nothing", async () => {
    const { code, text } = await type(lineOf("--dry-run --postgresql-instances orders-db"), own, rds.environment);
    assertEquals([code, rds.callLog.changes().filter((action) => action !== "GetCallerIdentity")], [0, []], text);
    assertStringIncludes(text, "no obstacle found");
  });

  await t.step("parameter-group makes a group for the source's workspaces", async () => {
    const more = ["--poll-interval", "0.02", "--timeout", "0.01"];
    const { code, text } = await type(lineOf("parameter-group orders-db"), more, rds.environment);
    assertEquals(code, 0, text);
    assertStringIncludes(text, "scrubber-postgres18-orders-db");
  });

  await t.step("the plan restores an instance, plans in it, and deletes it", async () => {
    // Where the database is not named, a run would stop at it, and so does its plan.
    const more = ["--drop-database", "scratchpad", ...own];
    const { code, text } = await type(lineOf("plan --postgresql-instances orders-db"), more, rds.environment);
    assertEquals([code, await leftIn(rds)], [0, nothing], text);
    assertStringIncludes(text, "customers");
  });

  await t.step("the run makes a snapshot and shares it, and its report belongs to that", async () => {
    const more = ["--report", "run.json", ...own];
    const { code, text } = await type(lineOf("--postgresql-instances orders-db"), more, rds.environment);
    assertEquals(code, 0, text);
    const [snapshot = ""] = rds.made();
    const { workspaces, shares, violations } = await leftIn(rds);
    assertEquals([workspaces, shares, violations], [[], { [snapshot]: [receiver] }, []]);
    await using server = await rds.openSnapshot(snapshot);
    assertEquals(await marked(server, "orders_production"), 0);
    const belongs = await type(`datascrubber verify-report run.json ${snapshot}`, [], rds.environment);
    assertEquals(belongs.code, 0, belongs.text);
  });

  for (const command of ["status", "sweep --dry-run", "sweep"]) {
    await t.step(`${command} finds nothing wrong`, async () => {
      const { code, text } = await type(`datascrubber ${command}`, [], rds.environment);
      assertEquals([code, rds.made().length], [0, 1], text);
    });
  }
});

Deno.test("the command of three sources finds each of them", async () => {
  await using rds = await startLocalRds({ servers: false });
  for (const id of ["email-alert-api", "publishing-api"]) await rds.addProduction({ id, engine: "postgres" });
  await rds.addProduction({ id: "whitehall", engine: "mysql" });
  await using dns = startDnsServer({ "whitehall-mysql": rds.hostName("whitehall") });
  const line = lineOf("--postgresql-instances email-alert-api");
  // Whole runs of these applications are happy_path_test.ts's.
  const more = ["--dry-run", "--dns-server", dns.address, ...commonArguments(rds)];
  const { code, text } = await type(line, more, rds.environment);
  assertEquals(code, 0, text);
  assertStringIncludes(text, "3 of 3 sources done (dry run, nothing was changed)");
});

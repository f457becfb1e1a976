/** The program imports labels from a server and rules from a file. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { runProgram } from "../fleet/program.ts";
import * as servers from "../servers.ts";

const postgresql = await servers.postgresql({ applications: ["application"] });
const folder = await Deno.makeTempDir();
Deno.test.afterAll(async () => {
  await postgresql.stop("now");
  await Deno.remove(folder, { recursive: true });
});

// No provider of labels is loaded, so they are put into the catalogue as SECURITY LABEL does.
const label = (object: string, column: string, text: string) =>
  `INSERT INTO pg_seclabel SELECT attrelid, 'pg_class'::regclass, attnum, 'anon', '${text.replaceAll("'", "''")}'
    FROM pg_attribute WHERE attrelid = '${object}'::regclass AND attname = '${column}';`;
await postgresql.run("CREATE DATABASE shop_production OWNER application");
await postgresql.run("CREATE DATABASE bare OWNER application");
await postgresql.run("CREATE ROLE developer LOGIN PASSWORD 'laptop'");
await postgresql.run(
  `CREATE SCHEMA hr; CREATE TABLE customers (id integer PRIMARY KEY, email text, pin text, phone text, nick text);
  CREATE TABLE hr.people (name text, notes text);
  COMMENT ON COLUMN customers.phone IS 'Home. MASKED WITH FUNCTION anon.random_phone(''06'')';
  COMMENT ON COLUMN customers.nick IS 'Not personal.';
  SET allow_system_table_mods = on;
  ${label("customers", "email", "MASKED WITH FUNCTION anon.fake_email()")}
  ${label("customers", "pin", "MASKED WITH VALUE 'gone'")}
  ${label("hr.people", "name", "NOT MASKED")}
  ${label("hr.people", "notes", "MASKED WITH FUNCTION hr.wipe(notes)")}
  INSERT INTO pg_seclabel VALUES ('hr.people'::regclass, 'pg_class'::regclass, 0, 'anon', 'TABLESAMPLE SYSTEM(9)');
  INSERT INTO pg_seclabel VALUES ('customers'::regclass, 'pg_class'::regclass, 0, 'selinux', 'other');`,
  "shop_production",
);

const url = (database: string) => `postgresql://developer:laptop@localhost:${postgresql.port}/${database}`;

Deno.test("labels and labels in comments become a rule file, and status 3 says that some have no equal", async () => {
  const path = `${folder}/shop.yaml`;
  const { code, stdout, stderr } = await runProgram(["import", url("shop_production"), path]);
  assertEquals([code, stderr], [3, ""]);
  assertStringIncludes(
    stdout,
    "from rules of PostgreSQL Anonymizer: 3 columns changed, 0 tables truncated, 2 old rules",
  );
  const lines = (await Deno.readTextFile(path)).split("\n").filter((line) => /^\w|^ {2}/.test(line));
  assertEquals(lines.map((line) => line.replace(/(?<=\S) #.*/, "").replace(/(decide): .*/, "$1")), [
    "database: shop",
    "engine: postgresql",
    "tables:",
    "  # no equal: TABLESAMPLE left rows out, which are there now: see keepRows",
    "  hr.people:",
    "    # notes: decide",
    "  customers:",
    "    email: email",
    "    pin: { constant: gone }",
    "    phone: phone",
  ]);
  const checked = await runProgram(["rules", "check", path]);
  assertEquals(checked.code, 0);
});

Deno.test("a database without labels is refused", async () => {
  const { code, stderr } = await runProgram(["import", url("bare"), `${folder}/bare.yaml`]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "no table or column in it has a label of PostgreSQL Anonymizer");
});

Deno.test("a URL of MySQL is refused", async () => {
  const { code, stderr } = await runProgram(["import", "mysql://a:b@localhost:1/shop", `${folder}/mysql.yaml`]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "MySQL has no security labels");
});

Deno.test("a file becomes a rule file, which is replaced only with --force", async () => {
  const old = new URL("../scrub/import/db_tools_bundle.yaml", import.meta.url).pathname;
  const path = `${folder}/customers.yaml`;
  const first = await runProgram(["import", old, path, "--engine", "mysql"]);
  assertEquals([first.code, first.stderr], [3, ""]);
  assertStringIncludes(await Deno.readTextFile(path), "database: customers\nengine: mysql\n");
  const second = await runProgram(["import", old, path, "--engine", "mysql"]);
  assertEquals(second.code, 2);
  assertStringIncludes(second.stderr, "it is there already");
  assertEquals((await runProgram(["import", old, path, "--engine", "mysql", "--force"])).code, 3);
});

Deno.test("rules that all have an equal end with status 0", async () => {
  await Deno.writeTextFile(`${folder}/old.yaml`, "customers: { mail: email }\n");
  const { code } = await runProgram(["import", `${folder}/old.yaml`, `${folder}/new.yaml`, "--engine", "postgresql"]);
  assertEquals(code, 0);
});

Deno.test("rules of a file fit the schema that they were for", async () => {
  await postgresql.run("CREATE DATABASE fitting OWNER application; ");
  await postgresql.run(
    `CREATE SCHEMA billing;
    CREATE TABLE customers (id integer PRIMARY KEY, email text, first_name text, last_name text, mobile text, born_on date,
      remarks text, settings jsonb, site text, height numeric(5,2), plan text, code varchar(9));
    CREATE TABLE billing.invoices (id integer PRIMARY KEY, total numeric(9,2), reference text, token uuid);
    CREATE TABLE sessions (id integer PRIMARY KEY); CREATE TABLE carts (id integer PRIMARY KEY);
    GRANT USAGE ON SCHEMA billing TO PUBLIC; GRANT SELECT ON ALL TABLES IN SCHEMA public, billing TO PUBLIC;`,
    "fitting",
  );
  const more = `    - name: customers
      transformers:
        - name: Json
          params:
            column: settings
            operations:
              - { operation: set, path: a.b, value: gone }
              - { operation: delete, path: c }
        - { name: RandomDomainName, params: { column: site } }
        - { name: RandomFloat, params: { column: height, min: 1.5, max: 2.1 } }
        - { name: RandomChoice, params: { column: plan, values: [basic, gold] } }
        - { name: RandomString, params: { column: code, min_length: 3, max_length: 9 } }
`;
  const old = await Deno.readTextFile(new URL("../scrub/import/greenmask.yaml", import.meta.url));
  await Deno.writeTextFile(`${folder}/greenmask.yaml`, old.replace("dbname=shop_production", "dbname=fitting") + more);
  const path = `${folder}/fitting.yaml`;
  assertEquals((await runProgram(["import", `${folder}/greenmask.yaml`, path])).code, 3);
  const { code, stdout, stderr } = await runProgram(["rules", "check", path, "--url", url("fitting")]);
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, 'the rules of fitting fit database "fitting"');
});

Deno.test("--engine is refused beside a URL, which says it", async () => {
  const { code, stderr } = await runProgram(["import", url("bare"), `${folder}/twice.yaml`, "--engine", "postgresql"]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "Cannot use --engine with a URL");
});

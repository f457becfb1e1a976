/** A subset through the whole program: what it deletes is in no file of the final snapshot, and nothing leads nowhere. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { RunReport } from "../../lib/core/report.ts";
import { startLocalRds } from "../../scripts/local_rds/local_rds.ts";
import { instances, runProgram } from "./stage.ts";

/** In every row that goes, and in no other. */
const gone = "zmark";
/** In every row that stays. */
const stays = "zstay";
const database = "orders_production";
/** One customer in so many stays. */
const share = 50;
const customers = 3000;

const tables = `
  CREATE TABLE countries (id integer PRIMARY KEY, name varchar(40) NOT NULL);
  CREATE TABLE customers (id integer PRIMARY KEY, country_id integer NOT NULL REFERENCES countries (id),
    referrer_id integer, email varchar(80) NOT NULL, note varchar(200) NOT NULL,
    FOREIGN KEY (referrer_id) REFERENCES customers (id) ON DELETE SET NULL);
  CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL, note varchar(200) NOT NULL,
    FOREIGN KEY (customer_id) REFERENCES customers (id));
  CREATE TABLE items (order_id integer NOT NULL, line integer NOT NULL, note varchar(200) NOT NULL, PRIMARY KEY (order_id, line),
    FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE RESTRICT);
  CREATE TABLE comments (id integer PRIMARY KEY, item_type varchar(20), item_id integer, note varchar(200) NOT NULL);
  CREATE TABLE visits (id integer PRIMARY KEY, customer varchar(20), note varchar(200) NOT NULL)`;

/** Rows by the number of a customer, `n`; `mark` tells whether it stays. */
function rowsOf(numbers: string): string {
  const mark = `CASE WHEN n % ${share} = 0 THEN '${stays}' ELSE '${gone}' END`;
  const note = `concat(${mark}, '-', n, '-note')`;
  return `
    INSERT INTO countries SELECT n, concat(CASE WHEN n <= ${share} THEN '${stays}' ELSE '${gone}' END, ' country ', n)
      FROM ${numbers} WHERE n <= 2 * ${share};
    INSERT INTO customers SELECT n, CASE WHEN n % ${share} = 0 THEN 1 + n / ${share} % ${share} ELSE 1 + n % (2 * ${share}) END,
      NULL, concat(${mark}, '-', n, '@mail.example'), ${note} FROM ${numbers};
    UPDATE customers SET referrer_id = id - 1 WHERE id > 1;
    INSERT INTO orders SELECT n, n, ${note} FROM ${numbers};
    INSERT INTO items SELECT n, 1, ${note} FROM ${numbers};
    INSERT INTO items SELECT n, 2, ${note} FROM ${numbers};
    INSERT INTO comments SELECT 2 * n, 'Order', n, ${note} FROM ${numbers};
    INSERT INTO comments SELECT 2 * n + 1, 'Customer', n, ${note} FROM ${numbers};
    INSERT INTO visits SELECT n, n, ${note} FROM ${numbers}`;
}

const signed = "reason: made up, by: a test, source: a test";
const rules = (engine: string) => `
database: orders
engine: ${engine}
selections:
  few: { of: customers, where: "{column:id} % ${share} = 0" }
tables:
  countries: { keepReferenced: true, columns: {} }
  customers: { keepRows: few, columns: { email: email } }
  comments:
    references:
      - { columns: [item_id], type: item_type, to: { Order: orders, Customer: customers } }
    columns: {}
  visits:
    references: [{ columns: [customer], to: customers }]
    columns: {}
reviewed:
${
  ["countries", "customers", "orders", "items", "comments", "visits"].map((table) =>
    `  - { table: ${table}, ${signed} }`
  ).join("\n")
}
`;

/** How many rows stay; of countries those that customers with the numbers that stay are from. */
const left = customers / share;
const expected = {
  countries: Math.min(left, share),
  customers: left,
  orders: left,
  items: 2 * left,
  comments: 2 * left,
  visits: left,
} as const;

for (
  const { engine, id, flag, numbers } of [
    {
      engine: "postgresql",
      id: instances.postgresql,
      flag: "--postgresql-instances",
      numbers: `generate_series(1, ${customers}) AS n`,
    },
    { engine: "mysql", id: instances.mysql, flag: "--mysql-instances", numbers: "numbers" },
  ] as const
) {
  Deno.test(`no file of a final ${engine} snapshot holds rows outside of the subset`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(`${folder}/orders.yaml`, rules(engine));
      await using rds = await startLocalRds();
      await rds.addProduction({
        id,
        engine: engine === "mysql" ? "mysql" : "postgres",
        applications: engine === "mysql" ? [] : ["application"],
        prepare: async (server) => {
          if (engine === "postgresql") {
            await server.run(`CREATE DATABASE ${database} OWNER application`);
            await server.run(`SET ROLE application; ${tables}; ${rowsOf(numbers)}`, database);
            return;
          }
          await server.run(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
          await server.run(
            `SET SESSION cte_max_recursion_depth = ${customers + 1}; CREATE TABLE numbers (n integer PRIMARY KEY);
            INSERT INTO numbers WITH RECURSIVE s AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM s WHERE n < ${customers})
              SELECT n FROM s; ${tables}; ${rowsOf(numbers).replaceAll("n / ", "n DIV ")}; DROP TABLE numbers`,
            database,
          );
        },
      });
      const [before] = rds.snapshots();
      assert(before);
      assert(await filesWith(gone, rds.dataDirOf(before.id)) > 0, "the search finds nothing even before the scrub");
      const report = `${folder}/report.json`;
      const source = [flag, id, "--rules", folder, "--report", report, "--log-level", "DEBUG"];
      const { code, stdout, stderr } = await runProgram(rds, source);
      assertEquals(code, 0, stdout + stderr);
      const [made = ""] = rds.made();
      assertEquals(await filesWith(gone, rds.dataDirOf(made)), 0);
      assert(await filesWith(stays, rds.dataDirOf(made)) > 0, "nothing stayed");

      const written: RunReport = JSON.parse(await Deno.readTextFile(report));
      const [found] = written.sources[0]?.databases.filter((one) => one.database === database) ?? [];
      const counts = Object.fromEntries(found?.tables.map(({ table, rowsLeft }) => [table, rowsLeft]) ?? []);
      assertEquals(counts, { ...expected });
      assertEquals(found?.verified?.foreignKeys, 7);
      const deleted = 2 * share - expected.countries + 7 * (customers - left);
      assertStringIncludes(stderr, `6 of them lose rows (${deleted} in all), `);
      assertStringIncludes(
        stderr,
        `deletes rows: all but few and what remaining rows need (${customers - left} go, ${left} stay)`,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** How many files below a folder hold a text. */
async function filesWith(text: string, folder: string): Promise<number> {
  const { stdout } = await new Deno.Command("grep", {
    args: ["-rlaiF", text, "."],
    cwd: folder,
    env: { LC_ALL: "C" },
  }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "").length;
}

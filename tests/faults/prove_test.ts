/** `--prove`: what is in the final snapshot, and not what was in the workspace, is what counts. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { database, mark } from "../../scripts/faults/shapes.ts";
import { openStage, runOnce } from "../../scripts/faults/stage.ts";
import { startServer } from "../../scripts/local_rds/start_server.ts";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";

/** Statements, and the database for them. */
type Change = readonly [statements: string, where: string];

/** Changes what a final snapshot holds, before it is restored once more. */
function meddleWith(rds: LocalRds, changes: readonly Change[]): void {
  let restores = 0;
  let done: Promise<void> | undefined;
  rds.faults.watcher = async ({ action, when }) => {
    if (action !== "RestoreDBInstanceFromDBSnapshot" || when !== "before" || ++restores < 2) return;
    // Once, if the client should lose patience and call again.
    await (done ??= change(rds, changes));
  };
}

async function change(rds: LocalRds, changes: readonly Change[]): Promise<void> {
  const [made] = rds.made().slice(-1);
  const found = rds.snapshots().find(({ id }) => id === made);
  if (!found?.dataDir) throw new TypeError("Cannot meddle: there is no snapshot yet");
  const server = await startServer(found.engine, { dataDir: found.dataDir });
  for (const [statements, where] of changes) await server.run(statements, where);
  await server.stop("clean");
}

const withoutChecks = { mysql: "SET foreign_key_checks = 0", postgresql: "SET session_replication_role = replica" };

/** An address in a comment and in the name of an account, a function, and a database. */
const others: Readonly<Record<keyof typeof withoutChecks, { readonly objects: string; readonly database: Change }>> = {
  mysql: {
    objects: `ALTER TABLE notes COMMENT 'of ann@zed.uk';
      CREATE FUNCTION late_function() RETURNS int DETERMINISTIC RETURN 1;
      CREATE USER 'ann@zed.uk'@'%' ACCOUNT LOCK`,
    database: ["CREATE DATABASE another; CREATE TABLE another.more (id int)", "mysql"],
  },
  postgresql: {
    objects: `COMMENT ON TABLE notes IS 'of ann@zed.uk';
      CREATE FUNCTION late_function() RETURNS int LANGUAGE sql AS 'SELECT 1';
      CREATE ROLE "ann@zed.uk"`,
    database: [`CREATE DATABASE another TEMPLATE ${database}`, "postgres"],
  },
};

const prove = { settings: { prove: true } };

for (const engine of ["postgresql", "mysql"] as const) {
  Deno.test(`${engine}: --prove`, async (t) => {
    await using rds = await openStage(engine);

    await t.step("lets a snapshot through that holds what was verified, and deletes its second workspace", async () => {
      const { failure, report } = await runOnce(rds, engine, prove);
      assertEquals(failure, undefined);
      await rds.settled();
      assertEquals([rds.workspaces(), rds.made(), Object.keys(rds.shares())], [[], [report.snapshot], [
        report.snapshot,
      ]]);
      assertEquals(rds.callLog.calls("RestoreDBInstanceFromDBSnapshot").length, 2);
    });

    const before = rds.made();
    for (
      const { name, changes, why } of [
        {
          name: "a row too few",
          changes: [["DELETE FROM notes WHERE id = 3", database]],
          why: [/notes has 2 rows, not 3/],
        },
        {
          name: "whatever else is not as it was verified, and names each",
          changes: [
            [
              `UPDATE people SET address = '${mark}-1@x.example' WHERE id = 1;
              UPDATE notes SET body = '${mark}-1@x.example' WHERE id = 2;
              ${withoutChecks[engine]}; UPDATE attempts SET mail_id = 99;
              CREATE VIEW late AS SELECT 1 AS v;
              ${others[engine].objects}`,
              database,
            ],
            others[engine].database,
          ],
          why: [
            /people\.address does not look like email/,
            /notes\.body holds values that rules remove elsewhere: 1 row/,
            /attempts has 1 orphans/,
            /comment table (?:public\.)?notes: its text looks sensitive/,
            /view (?:public\.)?late was never/,
            /late_function.* was never/,
            /server: .*its name looks sensitive: mail address/,
            /database "another" was not scrubbed/,
          ],
        },
      ] satisfies readonly {
        readonly name: string;
        readonly changes: readonly Change[];
        readonly why: readonly RegExp[];
      }[]
    ) {
      await t.step(`refuses ${name}, and leaves no snapshot`, async () => {
        meddleWith(rds, changes);
        const { failure } = await runOnce(rds, engine, prove);
        rds.faults.watcher = undefined;
        await rds.settled();
        for (const finding of why) assertMatch(failure?.message ?? "", finding);
        assertEquals([rds.workspaces(), rds.made()], [[], before]);
      });
    }
  });
}

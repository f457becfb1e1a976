/** `--prove`: what is in the final snapshot, and not what was in the workspace, is what counts. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { database, mark } from "../../scripts/faults/shapes.ts";
import { openStage, runOnce } from "../../scripts/faults/stage.ts";
import { startServer } from "../../scripts/local_rds/start_server.ts";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";

/** Changes what a final snapshot holds, before it is restored once more. */
function meddleWith(rds: LocalRds, statements: string, where: string): void {
  let restores = 0;
  let done: Promise<void> | undefined;
  rds.faults.watcher = async ({ action, when }) => {
    if (action !== "RestoreDBInstanceFromDBSnapshot" || when !== "before" || ++restores < 2) return;
    // Once, if the client should lose patience and call again.
    await (done ??= change(rds, statements, where));
  };
}

async function change(rds: LocalRds, statements: string, where: string): Promise<void> {
  const [made] = rds.made().slice(-1);
  const found = rds.snapshots().find(({ id }) => id === made);
  if (!found?.dataDir) throw new TypeError("Cannot meddle: there is no snapshot yet");
  const server = await startServer(found.engine, { dataDir: found.dataDir });
  await server.run(statements, where);
  await server.stop("clean");
}

const withoutChecks = { mysql: "SET foreign_key_checks = 0", postgresql: "SET session_replication_role = replica" };

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
      const { name, statements, where = database, why } of [
        {
          name: "a value that a rule takes away, a leak in a column that stays, and an orphan",
          statements: `UPDATE people SET address = '${mark}-1@x.example' WHERE id = 1;
            UPDATE notes SET body = '${mark}-1@x.example' WHERE id = 2;
            ${withoutChecks[engine]}; UPDATE attempts SET mail_id = 99`,
          why: [
            /people\.address does not look like email/,
            /notes\.body holds values that rules remove elsewhere: 1 row/,
            /attempts has 1 orphans/,
          ],
        },
        { name: "a row too few", statements: "DELETE FROM notes WHERE id = 3", why: [/notes has 2 rows, not 3/] },
        {
          name: "an address in a comment, a view and a function that were not there",
          statements: engine === "mysql"
            ? `ALTER TABLE notes COMMENT 'of ann@zed.uk'; CREATE VIEW late AS SELECT 1 AS v;
              CREATE FUNCTION late_function() RETURNS int DETERMINISTIC RETURN 1`
            : `COMMENT ON TABLE notes IS 'of ann@zed.uk'; CREATE VIEW late AS SELECT 1 AS v;
              CREATE FUNCTION late_function() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
          why: [
            /comment table (?:public\.)?notes: its text looks sensitive/,
            /view (?:public\.)?late was never/,
            /late_function.* was never/,
          ],
        },
        {
          name: "an account with an address as its name",
          statements: engine === "mysql" ? "CREATE USER 'ann@zed.uk'@'%' ACCOUNT LOCK" : 'CREATE ROLE "ann@zed.uk"',
          why: [/server: .*its name looks sensitive: mail address/],
        },
        {
          name: "another database",
          statements: engine === "mysql"
            ? "CREATE DATABASE another; CREATE TABLE another.more (id int)"
            : `CREATE DATABASE another TEMPLATE ${database}`,
          where: engine === "mysql" ? "mysql" : "postgres",
          why: [/database "another" was not scrubbed|"another"/],
        },
      ] as const
    ) {
      await t.step(`refuses ${name}, and leaves no snapshot`, async () => {
        meddleWith(rds, statements, where);
        const { failure } = await runOnce(rds, engine, prove);
        rds.faults.watcher = undefined;
        await rds.settled();
        for (const finding of why) assertMatch(failure?.message ?? "", finding);
        assertEquals([rds.workspaces(), rds.made()], [[], before]);
      });
    }
  });
}

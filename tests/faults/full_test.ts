/** A server without room, or without the right to change anything, is told apart from any other that refuses. @module */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { trusted } from "../../lib/engine/sql.ts";
import { statementError as mysqlError } from "../../lib/mysql/session/errors.ts";
import { statementError as postgresqlError } from "../../lib/postgresql/session/errors.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { createTestDatabase, engineNamed, never, serverOf, targetOf, testKey } from "../scrub/scrub_fixture.ts";
import { mysql, postgresql, type TestServer } from "../servers.ts";

const mark = "zmark-of-a-person";

/** What came of a statement as master, in database `app`. */
async function refusal(
  server: TestServer,
  engine: "postgresql" | "mysql",
  statement: string,
  before: readonly string[] = [],
): Promise<ScrubError> {
  await using session = await engineNamed(engine).open(targetOf(server, "app"), testKey(), never);
  for (const one of before) await session.query(trusted(one));
  const error = await assertRejects(() => session.run({ label: "fill t", sql: trusted(statement) }), ScrubError);
  assertEquals(Deno.inspect(error, { depth: 10, showHidden: true }).includes(mark), false);
  return error;
}

Deno.test("postgresql: a disk that is full is told as such", async () => {
  await using server = await postgresql({ applications: ["application"] });
  await createTestDatabase(server, "postgresql", "app", "CREATE TABLE t (v text); GRANT ALL ON t TO PUBLIC");
  const [row] = await server.run("SELECT pg_relation_filepath('t') AS path", "app");
  // This file takes no byte, as a full disk does.
  const path = `${server.dataDir}/${row?.["path"]}`;
  await Deno.remove(path);
  await Deno.symlink("/dev/full", path);
  const error = await refusal(server, "postgresql", `INSERT INTO public.t VALUES ('${mark}')`);
  assertEquals(error.message, `Cannot fill t in database "app": the server's disk is full (53100)`);
  assertMatch(error.hint, /^Give the workspace more storage, by --allocated-storage/);
});

Deno.test("postgresql: too little room for temporary files is told as such", async () => {
  await using server = await serverOf("postgresql");
  await createTestDatabase(server, "postgresql", "app", "SELECT 1");
  await server.run(`ALTER ROLE "${server.master.user}" SET temp_file_limit = '64kB'`);
  const sort = "CREATE TEMPORARY TABLE t AS SELECT n FROM generate_series(1, 1000000) n ORDER BY n::text";
  const error = await refusal(server, "postgresql", sort, ["SET work_mem = '64kB'"]);
  assertMatch(error.message, /more room for temporary files than the server allows \(53400\)$/);
});

Deno.test("postgresql: a session that may change nothing is told as such", async () => {
  await using server = await serverOf("postgresql");
  await createTestDatabase(server, "postgresql", "app", "CREATE TABLE t (v text); GRANT ALL ON t TO PUBLIC");
  const statement = `INSERT INTO public.t VALUES ('${mark}')`;
  const error = await refusal(server, "postgresql", statement, ["SET default_transaction_read_only = on"]);
  assertEquals(
    error.message,
    'Cannot fill t in database "app": the server takes no changes now: it is read-only (25006)',
  );
});

for (const option of ["read_only", "super_read_only"]) {
  Deno.test(`mysql: a server with ${option} is told as read-only`, async () => {
    await using server = await serverOf("mysql");
    await createTestDatabase(server, "mysql", "app", "CREATE TABLE t (v text)");
    await server.run(`SET GLOBAL ${option} = ON`);
    const error = await refusal(server, "mysql", `INSERT INTO t VALUES ('${mark}')`);
    assertMatch(error.message, /in database "app": the server takes no changes now: it is read-only \(ER_OPTION_PREV/);
    assertMatch(error.hint, /^Look at the instance's storage, state and parameters/);
  });
}

Deno.test("mysql: storage that cannot grow is told as full", async () => {
  await using server = await mysql({ settings: { "innodb-data-file-path": "ibdata1:12M:autoextend:max:13M" } });
  await createTestDatabase(server, "mysql", "app", "CREATE TABLE t (v longtext) TABLESPACE innodb_system");
  const error = await refusal(server, "mysql", `INSERT INTO t SELECT REPEAT('${mark}', 2000000) FROM DUAL`);
  assertMatch(error.message, /no room is left for it: .*\(ER_RECORD_FILE_FULL\)$/);
  assertMatch(error.hint, /^Give the workspace more storage, by --allocated-storage/);
});

/** States that no small server gets into by itself. */
const byCode: readonly (readonly [what: string, error: ScrubError, why: RegExp])[] = [
  ...([
    ["53100", /disk is full/],
    ["53200", /memory is full/],
    ["53400", /temporary files/],
    ["25006", /read-only/],
  ] as const).map(([code, why]) =>
    [
      `SQLSTATE ${code}`,
      postgresqlError("fill t", Object.assign(new Error(mark), { code, detail: mark })),
      why,
    ] as const
  ),
  ...([
    ["ER_DISK_FULL", `Disk full (/tmp/${mark}); waiting`, /no room is left/],
    ["ER_DISK_FULL_NOWAIT", "Create table/tablespace '?' failed, as disk is full.", /no room is left/],
    ["EE_WRITE", `Error writing file '/tmp/${mark}' (OS errno 28 - No space left on device)`, /no room is left/],
    ["ER_GET_ERRNO", "Got error 28 - 'No space left on device' from storage engine", /no room is left/],
    ["ER_TEMP_FILE_WRITE_FAILURE", "Temporary file write failure.", /no room is left/],
    ["ER_ENGINE_OUT_OF_MEMORY", "Engine out of memory", /memory is full/],
    ["ER_READ_ONLY_MODE", "Running in read-only mode", /read-only/],
    ["ER_INNODB_READ_ONLY", "InnoDB is in read only mode.", /read-only/],
    ["ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION", "Cannot execute statement in a READ ONLY transaction.", /read-only/],
    ["EE_WRITE", `Error writing file '/tmp/${mark}' (OS errno 5 - Input/output error)`, /the server refused it/],
    ["ER_OPTION_PREVENTS_STATEMENT", "running with the --secure-file-priv option", /the server refused it/],
  ] as const).map(([code, message, why]) =>
    [
      `${code} "${message.replaceAll(mark, "…")}"`,
      mysqlError("fill t", Object.assign(new Error(message), { code })),
      why,
    ] as const
  ),
];

for (const [what, error, why] of byCode) {
  Deno.test(`what a server calls ${what} is told by what it means, without its words`, () => {
    assertMatch(error.message, /^Cannot fill t: /);
    assertMatch(error.message, why);
    assert(error.hint.length > 0 && !`${error.message}${error.hint}`.includes(mark));
  });
}

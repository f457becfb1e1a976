/** The error log: what a server reads of it at its start stays, and is reported. @module */

import { assertEquals, assertMatch } from "@std/assert";
import { purgeLogTables } from "../../../lib/mysql/purge/log_tables.ts";
import { handOver, temporaryFolder } from "../../../scripts/local_rds/folder.ts";
import { startMysql } from "../../../scripts/local_rds/mysql_server.ts";
import { makeRdsLike } from "../../../scripts/local_rds/rds_like.ts";
import { master } from "../../servers.ts";
import { open } from "../fixture.ts";

const production =
  "2020-01-31T12:34:56.789012Z 8 [Note] [MY-010926] [Server] Access denied for user 'zmark'@'81.2.69.160' (using password: YES)\n";

for (
  const { what, log, expected } of [
    {
      what: "messages of production's are reported",
      log: production,
      expected: /^1 messages of before the server's start/,
    },
    { what: "of a server's own messages nothing is said", log: "", expected: /^$/ },
  ]
) {
  Deno.test(`in the error log ${what}`, async () => {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/error.log`;
    await Deno.writeTextFile(file, log);
    await handOver(file);
    await using started = await startMysql({ settings: { "log-error": file } });
    await makeRdsLike(started, master);
    const server = { ...started, master };
    await using session = await open(server);
    const residue = await purgeLogTables({
      session,
      plans: [],
      before: { redo: 0, doublewrite: { pages: 0, batches: 0 } },
      changeBufferPages: 0,
      open: () => open(server),
    });
    assertMatch(residue.filter(({ step }) => step === "error log").map(({ result }) => result).join(), expected);
    assertEquals(JSON.stringify(residue).includes("zmark"), false);
  });
}

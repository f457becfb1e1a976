/** What would dump MariaDB is refused before anything is made. @module */

import { assertEquals, assertThrows } from "@std/assert";
import { ScrubError } from "../../lib/core/errors.ts";
import { refuseDumps } from "../../lib/pipeline/dump_check.ts";

const rebuild = { pgDump: "", pgRestore: "", mysqldump: "", mysql: "" };
const s3Export = { bucket: "dumps", prefix: "", format: "sql.gz", mysqldump: "", pgDump: "" } as const;

for (
  const [code, settings, option] of [["rebuild", { rebuild }, "--rebuild"], [
    "export",
    { s3Export },
    "--s3-export",
  ]] as const
) {
  Deno.test(`${option} is refused for MariaDB, and for no other`, () => {
    const error = assertThrows(() => refuseDumps({ rdsEngine: "mariadb", name: "shop" }, settings), ScrubError);
    assertEquals([error.code, error.hint.startsWith(`Leave ${option} out`)], [code, true]);
    for (const rdsEngine of ["mysql", "postgres"] as const) refuseDumps({ rdsEngine, name: "shop" }, settings);
    refuseDumps({ rdsEngine: "mariadb", name: "shop" }, {});
  });
}

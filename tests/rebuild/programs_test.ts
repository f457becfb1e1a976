/** Which programs may fill a new instance. @module */

import { assertEquals, assertRejects } from "@std/assert";
import type { EngineName } from "../../lib/core/engine_name.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { checkRebuildPrograms } from "../../lib/rebuild/programs.ts";
import { standIn } from "../notify/stand_in.ts";

const never = new AbortController().signal;

const cases: readonly (readonly [engine: EngineName, server: string, says: string, refused: string | undefined])[] = [
  ["postgresql", "16.4", "pg_dump (PostgreSQL) 16.1 (Debian 16.1-1)", undefined],
  [
    "postgresql",
    "16.4",
    "pg_dump (PostgreSQL) 18.6 (Debian 18.6-3)",
    "PROGRAM is version 18.6, and the server is PostgreSQL 16.4",
  ],
  [
    "postgresql",
    "16.4",
    "pg_dump (PostgreSQL) 15.8",
    "PROGRAM is version 15.8, and the server is PostgreSQL 16.4",
  ],
  ["postgresql", "16.4", "nonsense", "PROGRAM is not PostgreSQL's"],
  ["mysql", "8.0.39", "mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)", undefined],
  ["mysql", "8.0.mysql_aurora.3.08.0", "mysqldump  Ver 9.7.4-2 for Linux on x86_64 ((Debian))", undefined],
  [
    "mysql",
    "8.4.3",
    "mysqldump  Ver 8.0.36 for Linux on x86_64 (MySQL Community Server - GPL)",
    "PROGRAM is version 8.0.36, and the server is MySQL 8.4.3",
  ],
  [
    "mysql",
    "8.0.39",
    "mysqldump  Ver 10.13 Distrib 5.7.44, for Linux (x86_64)",
    "PROGRAM is version 5.7.44, and the server is MySQL 8.0.39",
  ],
  [
    "mysql",
    "8.0.39",
    "mysqldump  Ver 10.19 Distrib 10.6.16-MariaDB, for debian-linux-gnu (x86_64)",
    "PROGRAM is not MySQL's",
  ],
];

for (const [engine, server, says, refused] of cases) {
  Deno.test(`for ${engine} ${server} "${says}" is ${refused === undefined ? "fit" : "refused"}`, async () => {
    await using program = await standIn(`echo '${says}'`);
    const check = checkRebuildPrograms(engine, server, { dump: program.path, load: program.path }, never);
    if (refused === undefined) return await check;
    const error = await assertRejects(() => check, ScrubError);
    const why = refused.replace("PROGRAM", `"${program.path}"`);
    assertEquals([error.code, error.message], ["rebuild", `Cannot rebuild the instance: ${why}`]);
  });
}

Deno.test("a missing program for loading is named", async () => {
  await using program = await standIn("echo 'pg_dump (PostgreSQL) 18.6'");
  const programs = { dump: program.path, load: "/nowhere/pg_restore" };
  const error = await assertRejects(() => checkRebuildPrograms("postgresql", "18.4", programs, never), ScrubError);
  assertEquals(error.message, 'Cannot rebuild the instance: there is no program "/nowhere/pg_restore"');
});

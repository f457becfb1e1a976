/** What only looked like structure, or like a public row: the whole program refuses it, and nothing is left in RDS. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";
import type { Result } from "../fleet/program.ts";
import { instances, leftIn, nothing, runProgram, smallDatabase, smallStage, stageWithProduction } from "./stage.ts";

const phone = "2079460123";

/** Runs the program against a stage of its own, and looks at what it left. */
async function refusedRun(stage: Promise<LocalRds>, source: readonly string[]): Promise<Result> {
  await using rds = await stage;
  const result = await runProgram(rds, source);
  assertEquals(result.code, 3, result.stderr);
  assertEquals(await leftIn(rds), nothing);
  return result;
}

Deno.test("a phone number as primary key, with a constant default and a harmless name, is drift", async () => {
  const stage = smallStage({}, async (server) => {
    await server.run(
      `SET ROLE application; CREATE TABLE circle (reach integer PRIMARY KEY DEFAULT 0, rank integer NOT NULL DEFAULT 0);
      INSERT INTO circle VALUES (${phone}, 1)`,
      smallDatabase,
    );
  });
  const { stdout, stderr } = await refusedRun(stage, ["--postgresql-instances", instances.postgresql]);
  assertStringIncludes(stdout, "circle.reach integer");
  assert(!stdout.includes("circle.rank"));
  assert(!`${stdout}${stderr}`.includes(phone));
});

Deno.test("attachments of an owner that whitehall's rules do not know stop the run, with how many they are", async () => {
  const stage = stageWithProduction(["mysql"], {}, async (server) => {
    await server.run(
      "UPDATE attachments SET attachable_type = 'SecretMemo' ORDER BY id LIMIT 2",
      "whitehall_production",
    );
    await server.run(
      "UPDATE attachments SET attachable_type = 'zmark person' ORDER BY id DESC LIMIT 1",
      "whitehall_production",
    );
  });
  const { stdout, stderr } = await refusedRun(stage, ["--mysql-instances", instances.mysql]);
  const told = "attachments.attachable_type has 3 rows with values that no rule knows, such as SecretMemo";
  assertStringIncludes(`${stdout}${stderr}`, told);
  assert(!`${stdout}${stderr}`.includes("zmark person"));
});

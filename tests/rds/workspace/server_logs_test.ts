/** Which log files of a workspace are named as written before the run. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { readServerLogs } from "../../../lib/rds/workspace/server_logs.ts";
import { never, openLab } from "../local.ts";

const began = new Date("2026-01-02T10:00:00.000Z");

function file(name: string, lastWritten: string) {
  return { name, bytes: 100, lastWritten: new Date(lastWritten) };
}

const before = file("error/postgresql.log.2026-01-02-08", "2026-01-02T08:59:59.000Z");
const since = file("error/postgresql.log.2026-01-02-10", "2026-01-02T10:00:00.000Z");
const many = Array.from(
  { length: 25 },
  (_, n) => file(`error/log.${String(n).padStart(2, "0")}`, "2026-01-01T00:00:00Z"),
);

async function read(logFiles: readonly ReturnType<typeof file>[], denied = false): Promise<string> {
  await using lab = await openLab({ logFiles, pageSize: 20 });
  if (denied) lab.local.faults.add({ action: "DescribeDBLogFiles", what: "access-denied" });
  const [line, ...rest] = await readServerLogs(lab.rds, "prod", began, never);
  assertEquals([line?.step, rest], ["server logs", []]);
  return line?.result ?? "";
}

Deno.test("files that were last written before the run are named, with their size", async () => {
  assertEquals(
    await read([before, since]),
    "1 from before the run remain until RDS deletes them (100 bytes), and can hold statements and values: " +
      before.name,
  );
});

Deno.test("a file that was written since the run began is none of them", async () => {
  assertEquals(await read([since]), "RDS lists no file from before the run");
});

Deno.test("of many files on several pages, ten are named and all are counted", async () => {
  const text = await read(many);
  assertStringIncludes(text, "25 from before the run remain until RDS deletes them (2500 bytes)");
  assertEquals([text.includes("error/log.09"), text.includes("error/log.10")], [true, false]);
  assertStringIncludes(text, "and 15 more");
});

Deno.test("where AWS does not list them, the report says that it is not known", async () => {
  const text = await read([before], true);
  assertStringIncludes(text, "it is not known which are from before the run");
  assertStringIncludes(text, "rds:DescribeDBLogFiles");
});

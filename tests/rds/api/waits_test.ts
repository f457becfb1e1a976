/** The tables of waits: each row is used where it says, and no other code waits for RDS. @module */

import { assert, assertEquals } from "@std/assert";
import { readBacks, repeatedCalls, statusWaits } from "../../../lib/rds/api/waits.ts";
import { assertInReadme, markdownTable } from "../tables.ts";

const lib = new URL("../../../lib/", import.meta.url);

for (const [kind, table] of Object.entries({ statusWaits, readBacks, repeatedCalls })) {
  Deno.test(`each of ${kind} is used in the file that it names`, async () => {
    for (const [name, { by }] of Object.entries(table)) {
      const text = await Deno.readTextFile(new URL(`rds/${by}`, lib));
      assert(text.includes(`"${name}"`), `${by} does not use "${name}"`);
    }
  });
}

/** Files that pause between two calls of RDS. Waits that only read are `wait.ts`'s. */
const pausing = [
  "pipeline/sweep.ts", // between two rounds
  "rds/api/wait.ts",
  "rds/ownership/dead_runs.ts", // for the end of another run
  "rds/ownership/delete.ts",
  "rds/parameters/isolation_group.ts", // for as long as AWS asks, after the last call
  "rds/refresh/successor.ts",
  "rds/refresh/swap.ts", // for a signal that comes later
  "rds/workspace/clone.ts",
  "rds/workspace/finalise.ts",
  "rds/workspace/fresh_snapshot.ts",
  "rds/workspace/login.ts", // for the login, no call of RDS
  "rds/workspace/secure.ts",
  "rds/workspace/take_snapshot.ts",
];

Deno.test("no other file pauses", async () => {
  const found: string[] = [];
  for (const folder of ["rds/", "pipeline/"]) {
    for await (const path of files(new URL(folder, lib))) {
      if (/\bpause\(|setTimeout/.test(await Deno.readTextFile(path))) {
        found.push(path.pathname.slice(lib.pathname.length));
      }
    }
  }
  assertEquals(found.toSorted(), pausing);
});

async function* files(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) yield* files(url);
    else if (name.endsWith(".ts")) yield url;
  }
}

Deno.test("lib/rds/README.md has the tables of waits", async () => {
  const waits = Object.entries(statusWaits).map(([name, wait]) => {
    const { of, from, to, consecutive, limit, onFailure, by, ...others } = wait;
    assertEquals(Object.keys(others).toSorted(), ["absent", "purpose"], "a field of a row is in no column");
    const target = to.join(", ") + (consecutive > 1 ? ` (${consecutive} times in a row)` : "");
    return [`\`${name}\``, of, from.join(", "), target, limit, onFailure, `\`${by}\``];
  });
  const shown = Object.entries(readBacks).map(([name, { call, until, otherwise, by, ...others }]) => {
    assertEquals(others, {}, "a field of a row is in no column");
    return [`\`${name}\``, call, until, otherwise, `\`${by}\``];
  });
  const repeated = Object.entries(repeatedCalls).map(([name, { call, refusals, transient, limit, by, ...others }]) => {
    assertEquals(others, {}, "a field of a row is in no column");
    const on = [...refusals, ...transient ? ["errors that may pass"] : []].join(", ");
    return [`\`${name}\``, call, on, limit, `\`${by}\``];
  });
  await assertInReadme(
    "waits",
    [
      markdownTable(["wait for a status", "of", "from", "to", "limit", "if it fails", "by"], waits),
      markdownTable(["wait until shown", "call", "until", "otherwise", "by"], shown),
      markdownTable(["repeated call", "call", "on", "limit", "by"], repeated),
    ].join("\n"),
  );
});

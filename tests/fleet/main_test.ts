/** The program itself, started as an operator starts it. @module */

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { version } from "../../lib/cli/help/version.ts";
import { runProgram } from "./program.ts";

const main = new URL("../../main.ts", import.meta.url).pathname;

Deno.test.each([
  { args: [], why: "no source" },
  { args: ["--mysql-host", "a"], why: "--mysql-hosts" },
  { args: ["--mysql-hosts", "a", "--mysql-instances", "b"], why: "--mysql-instances" },
  { args: ["--mysql-hosts", "a", "--share-with", "123456789"], why: "123456789" },
  { args: ["--mysql-hosts", "a", "--tls-ca", "/nowhere/ca.pem"], why: "/nowhere/ca.pem" },
  { args: ["scrub", "everything"], why: "everything" },
])("bad input ends with status 2 and two lines: $args", async ({ args, why }) => {
  const { code, stdout, stderr } = await runProgram(args);
  assertEquals([code, stdout], [2, ""]);
  assertMatch(stderr, /^Cannot [^\n]+: [^\n]+\n[^\n]+\n$/);
  assertStringIncludes(stderr, why);
});

Deno.test("--help prints the options and ends with status 0", async () => {
  const { code, stdout, stderr } = await runProgram(["--help"]);
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, "--postgresql-snapshots");
});

Deno.test("--version prints the version and ends with status 0", async () => {
  assertEquals(await runProgram(["--version"]), { code: 0, stdout: `datascrubber ${version}\n`, stderr: "" });
});

Deno.test("scrubbers lists the registry and ends with status 0", async () => {
  const { code, stdout, stderr } = await runProgram(["scrubbers"]);
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, "whitehall (mysql)");
});

Deno.test("main loads neither drivers nor the AWS client", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json", main] }).output();
  const heavy = /npm:\/?(@aws-sdk|postgres|mysql2)|\/lib\/(rds|mysql|postgresql|pipeline)\//;
  const loaded: readonly { specifier: string }[] = JSON.parse(new TextDecoder().decode(stdout)).modules;
  assertEquals(loaded.map(({ specifier }) => specifier).filter((name) => heavy.test(name)), []);
});

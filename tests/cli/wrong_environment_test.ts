/** What only the program itself can find wrong: no region, no credentials. Said before its first word of work, with status 2. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { runProgram } from "../fleet/program.ts";

const keys = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "hunter2" };
const region = { AWS_REGION: "eu-west-1" };
const run = ["--postgresql-instances", "orders", "--mysql-instances", "blog", "--log-mode", "console"];

for (
  const { what, args, environment, says, advises } of [
    { what: "a run without a region", args: run, environment: keys, says: "no AWS region is set", advises: "--region" },
    {
      what: "a run without credentials",
      args: run,
      environment: region,
      says: "no AWS credentials found",
      advises: "environment, profile or the machine's role",
    },
    {
      what: "a run with a profile that is not there",
      args: run,
      environment: { ...region, AWS_PROFILE: "nowhere" },
      says: "no AWS credentials found",
      advises: "environment, profile or the machine's role",
    },
    {
      what: "a run with a region that can be none",
      args: run,
      environment: { ...keys, AWS_REGION: "Ireland" },
      says: '"Ireland" can\'t be the name of a region',
      advises: "such as eu-west-1",
    },
    {
      what: "status without a region",
      args: ["status"],
      environment: keys,
      says: "no AWS region",
      advises: "--region",
    },
    {
      what: "sweep without credentials",
      args: ["sweep", "--dry-run"],
      environment: region,
      says: "no AWS credentials found",
      advises: "Give AWS credentials",
    },
  ]
) {
  Deno.test(`${what} ends with status 2 and says so once`, async () => {
    const { code, stdout, stderr } = await runProgram(args, environment);
    assertEquals([code, stdout], [2, ""], stderr);
    const lines = stderr.split("\n");
    assertEquals([lines.length, lines.at(-1)], [3, ""], stderr);
    assertStringIncludes(lines[0] ?? "", `Cannot call AWS: ${says}`);
    assertStringIncludes(lines[1] ?? "", advises);
    assert(!stderr.includes("hunter2"));
  });
}

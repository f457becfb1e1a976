/** Arguments: what `parseArgs` makes of them, and what is refused although it would let it pass. @module */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseArguments } from "../../../lib/cli/parse/arguments.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import fc from "fast-check";

Deno.test.each([
  { args: ["--mysql-hosts", "a", "b"], found: { "mysql-hosts": ["a", "b"] } },
  { args: ["--mysql-hosts", "a", "--mysql-hosts=b", "c"], found: { "mysql-hosts": ["a", "b"] }, words: ["c"] },
  { args: ["--mysql-hosts", "a", "-", "--wait"], found: { "mysql-hosts": ["a", "-"], wait: ["true"] } },
  { args: ["--keep-database=--x"], found: { "keep-database": ["--x"] } },
  { args: ["--keep-database", "true", "007"], found: { "keep-database": ["true", "007"] } },
  { args: ["--region", "a", "b"], found: { region: ["a"] }, words: ["b"] },
  { args: ["--region", "a", "--region", "b"], found: { region: ["a", "b"] } },
  { args: ["--notify", "https://x/?a=b"], found: { notify: ["https://x/?a=b"] } },
  { args: ["--notify=https://x/?a=b\nc"], found: { notify: ["https://x/?a=b\nc"] } },
  { args: ["--timeout", "1e3"], found: { timeout: ["1e3"] } },
  { args: ["--timeout", "-1"], found: { timeout: ["-1"] } },
  { args: ["--dry-run", "sweep", "--dry-run"], found: { "dry-run": ["true", "true"] }, words: ["sweep"] },
  { args: ["-h"], found: { help: ["true"] } },
  { args: ["-V"], found: { version: ["true"] } },
  { args: ["-hV"], found: { help: ["true"], version: ["true"] } },
  { args: ["1", "0x1", "", "-"], found: {}, words: ["1", "0x1", "", "-"] },
])("parseArguments() takes $args", ({ args, found, words = [] }) => {
  const parsed = parseArguments(args);
  assertEquals({ words: [...parsed.words], options: Object.fromEntries(parsed.options) }, { words, options: found });
});

Deno.test.each([
  { args: ["--dry-run=no"], why: "--dry-run: it takes no value" },
  { args: ["--dry-run="], why: "--dry-run: it takes no value" },
  { args: ["--dry-run=true"], why: "--dry-run: it takes no value" },
  { args: ["--dry-run", "false"], why: "--dry-run: it takes no value" },
  { args: ["--dry-run", "true"], why: "--dry-run: it takes no value" },
  { args: ["-h=no"], why: "--help: it takes no value" },
  { args: ["-h5"], why: "--help: it takes no value" },
  { args: ["-x"], why: '"-x": there is no such option' },
  { args: ["-hx"], why: '"-hx": there is no such option' },
  { args: ["-dry-run"], why: '"-dry-run": there is no such option' },
  { args: ["--dryrun"], why: '"--dryrun": there is no such option' },
  { args: ["--dry-run.x"], why: '"--dry-run.x": there is no such option' },
  { args: ["--no-dry-run"], why: '"--no-dry-run": there is no such option' },
  { args: ["--no-region=x"], why: '"--no-region": there is no such option' },
  { args: ["--constructor=x"], why: '"--constructor": there is no such option' },
  { args: ["--region", "x", "--", "y"], why: '"--": there is no such option' },
  { args: ["--region", ""], why: "--region: its value is empty" },
  { args: ["--region="], why: "--region: its value is empty" },
  { args: ["--region", "--wait"], why: "--region: its value is missing" },
  { args: ["--mysql-hosts", "a", ""], why: "--mysql-hosts: its value is empty" },
  { args: ["--mysql-hosts"], why: "--mysql-hosts: its value is missing" },
])("parseArguments() refuses $args", ({ args, why }) => {
  const error = assertThrows(() => parseArguments(args), ScrubError);
  assertStringIncludes(error.message, `Cannot use ${why}`);
  assertEquals(error.kind, "usage");
});

Deno.test("parseArguments() never takes anything like --dry-run for a real run", () => {
  const like = fc.constantFrom("--dry-run", "--dry-run=no", "--dry-run=", "--no-dry-run", "-dry-run", "--dry-run.x=1");
  const other = fc.constantFrom(
    "--mysql-hosts",
    "a",
    "",
    "-",
    "--",
    "true",
    "false",
    "--wait",
    "-1",
    "--timeout",
    "-h",
  );
  fc.assert(
    fc.property(fc.array(other, { maxLength: 4 }), like, fc.array(other, { maxLength: 4 }), (before, asked, after) => {
      try {
        assertEquals(parseArguments([...before, asked, ...after]).options.get("dry-run"), ["true"]);
      } catch (error) {
        if (!(error instanceof ScrubError)) throw error;
      }
    }),
    { numRuns: 2000, seed: 14 },
  );
});

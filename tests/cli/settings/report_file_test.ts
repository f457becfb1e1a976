/** The report of an earlier run that the page compares with. @module */

import { assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import type { Files } from "../../../lib/cli/parse/files.ts";
import { previousReport } from "../../report/example_report.ts";

const contents: Readonly<Record<string, string>> = {
  "last.json": JSON.stringify(previousReport),
  "other.json": "{}",
  "torn.json": JSON.stringify(previousReport).slice(0, 500),
};
const files: Files = {
  read(path) {
    if (path === "secret.json") return Promise.reject(new Deno.errors.PermissionDenied(path));
    const text = contents[path];
    return text === undefined
      ? Promise.reject(new Deno.errors.NotFound(path))
      : Promise.resolve(new TextEncoder().encode(text));
  },
  mode: () => Promise.resolve(0o600),
  list: () => Promise.reject(new Deno.errors.NotFound()),
  tryToWrite: () => Promise.resolve(),
};

async function outcome(args: string): Promise<string> {
  try {
    const command = await parseCommandLine(["--mysql-instances", "a", ...args.split(" ")], {}, files);
    return command.command === "scrub" ? `compared with ${command.previous?.started ?? "nothing"}` : command.command;
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}

for (
  const [args, wanted] of [
    ["--report-html run.html --previous last.json", `compared with ${previousReport.started}`],
    ["--report-html run.html --report last.json --previous last.json", `compared with ${previousReport.started}`],
    ["--report-html run.html --previous first-night.json", "compared with nothing"],
    ["--report-html run.html --previous secret.json", "Cannot read --previous"],
    ["--report-html run.html --previous other.json", 'Cannot use --previous: "other.json" is no report of a run'],
    ["--report-html run.html --previous torn.json", 'Cannot use --previous: "torn.json" is no report of a run'],
    ["--previous last.json", `compared with ${previousReport.started}`],
  ] as const
) {
  Deno.test(`"${args}" comes to: ${wanted}`, async () => assertStringIncludes(await outcome(args), wanted));
}

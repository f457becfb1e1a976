/** Entry of the program: parse, and hand over to the command, which alone is loaded. @module */

import type { Command } from "./lib/cli/settings/command.ts";
import { print, printError, stderrIsJournal } from "./lib/cli/commands/console.ts";
import { exitStatuses, failureStatus } from "./lib/core/exit_status.ts";

if (import.meta.main) Deno.exitCode = await main(Deno.args);

async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(await helpOrVersion(args) ?? await parse(args));
  } catch (error) {
    return await explain(error, args);
  }
}

/** Asked for anywhere, they are printed, whatever else is wrong; they need no parser, and start without it. */
async function helpOrVersion(args: readonly string[]): Promise<Command | undefined> {
  if (args.includes("--help") || args.includes("-h")) {
    const of = (await import("./lib/cli/help/topic.ts")).topicOf(args);
    return { command: "help", ...(of !== undefined && { of }) };
  }
  if (args.includes("--version") || args.includes("-V")) return { command: "version" };
  return undefined;
}

async function parse(args: readonly string[]): Promise<Command> {
  const { parseCommandLine } = await import("./lib/cli/command_line.ts");
  const { systemFiles } = await import("./lib/cli/parse/files.ts");
  return await parseCommandLine(args, Deno.env.toObject(), systemFiles);
}

/** Loads and carries out one command; returns the exit status. */
async function run(command: Command): Promise<number> {
  switch (command.command) {
    case "help":
      return show(await help(command.of));
    case "version":
      return show(`${(await import("./lib/cli/help/version.ts")).versionText()}\n`);
    case "text":
      return show(command.text);
    case "scrubbers": {
      const { allScrubbers } = await import("./lib/cli/settings/rule_files.ts");
      const { scrubbersText } = await import("./lib/cli/commands/scrubbers.ts");
      return show(scrubbersText(await allScrubbers(command.ruleFiles), command));
    }
    case "strategies":
      return show((await import("./lib/cli/commands/strategies.ts")).strategiesText(command));
    case "status":
      return await (await import("./lib/cli/commands/status.ts")).status(command, createWorker);
    case "sweep":
      return await (await import("./lib/cli/commands/sweep.ts")).sweep(command, createWorker);
    case "finish":
      return await (await import("./lib/cli/commands/finish.ts")).finish(command, createWorker);
    case "parameter-group":
      return await (await import("./lib/cli/commands/parameter_group.ts")).parameterGroup(command, createWorker);
    case "review":
      return await (await import("./lib/cli/commands/review.ts")).review(command, createWorker);
    case "rules check":
      return await (await import("./lib/cli/commands/rules_check.ts")).rulesCheck(command, createWorker);
    case "init":
      return await (await import("./lib/cli/commands/init.ts")).init(command, createWorker);
    case "import":
      return await (await import("./lib/cli/commands/import.ts")).importRules(command, createWorker);
    case "plan":
      return await (await import("./lib/cli/commands/plan.ts")).plan(command, createWorker);
    case "verify-report":
      return await (await import("./lib/cli/commands/verify_report.ts")).verifyReport(command, createWorker);
    case "scrub url":
      return await (await import("./lib/cli/commands/scrub_url.ts")).scrubUrl(command, createWorker);
    case "scrub":
      return await (await import("./lib/cli/commands/scrub.ts")).scrub(command, createWorker);
    default:
      return command satisfies never;
  }
}

async function help(words: string | undefined): Promise<string> {
  const { topicNamed } = await import("./lib/cli/help/topics.ts");
  const topic = topicNamed(words ?? "");
  if (topic) return `${topic.text}\n`;
  const { commands } = await import("./lib/cli/options/commands.ts");
  return (await import("./lib/cli/help/help.ts")).helpText(commands.find((row) => row.words === words));
}

/** Whether the log was to be in JSON: what can't be parsed has no settings to ask. */
function wantsJson(args: readonly string[]): boolean {
  return args.some((arg, at) => arg === "--log-format=json" || arg === "--log-format" && args[at + 1] === "json") ||
    Deno.env.get("DATASCRUBBER_LOG_FORMAT") === "json" && !args.some((arg) => arg.startsWith("--log-format"));
}

function show(text: string): number {
  print(text);
  return exitStatuses.done;
}

/** Here, because the path to the worker's module is relative to this one. */
function createWorker(): Worker {
  return new Worker(new URL("./lib/fleet/worker.ts", import.meta.url), { type: "module" });
}

/** Prints why the program ends early; returns the exit status. */
async function explain(error: unknown, args: readonly string[]): Promise<number> {
  const { failureOf } = await import("./lib/fleet/failure.ts");
  const { failureLines } = await import("./lib/report/display/run_summary.ts");
  const failure = failureOf(error);
  const text = wantsJson(args)
    ? (await import("./lib/report/log/log_format.ts")).failureJson(failure)
    : `${failureLines(failure).join("\n")}\n`;
  printError(await stderrIsJournal() ? (await import("./lib/report/log/log_format.ts")).journalLines(text, 40) : text);
  return failureStatus(failure);
}

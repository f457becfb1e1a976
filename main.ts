/** Entry of the program: parse, and hand over to the command, which alone is loaded. @module */

import { askedFor } from "./lib/cli/parse/asked.ts";
import type { Command } from "./lib/cli/settings/command.ts";
import { complain, print, stderrIsJournal } from "./lib/cli/commands/console.ts";
import { exitStatuses } from "./lib/core/exit_status.ts";

if (import.meta.main) Deno.exitCode = await main(Deno.args);

async function main(args: readonly string[]): Promise<number> {
  try {
    const command = await parse(args);
    switch (command.command) {
      case "help": {
        const { helpText } = await import("./lib/cli/help/help.ts");
        print(helpText());
        return exitStatuses.done;
      }
      case "version": {
        const { versionText } = await import("./lib/cli/help/version.ts");
        print(`${versionText()}\n`);
        return exitStatuses.done;
      }
      case "scrubbers": {
        const { listScrubbers } = await import("./lib/cli/commands/scrubbers.ts");
        const { scrubbers } = await import("./scrubbers/mod.ts");
        print(listScrubbers(scrubbers));
        return exitStatuses.done;
      }
      case "text":
        print(command.text);
        return exitStatuses.done;
      case "status":
        return await (await import("./lib/cli/commands/status.ts")).status(command, createWorker);
      case "sweep":
        return await (await import("./lib/cli/commands/sweep.ts")).sweep(command, createWorker);
      case "review":
        return await (await import("./lib/cli/commands/review.ts")).review(command, createWorker);
      case "plan":
        return await (await import("./lib/cli/commands/plan.ts")).plan(command, createWorker);
      case "verify-report":
        return await (await import("./lib/cli/commands/verify_report.ts")).verifyReport(command, createWorker);
      case "scrub":
        return await (await import("./lib/cli/commands/scrub.ts")).scrub(command, createWorker);
      default:
        return command satisfies never;
    }
  } catch (error) {
    const { failureOf } = await import("./lib/fleet/failure.ts");
    const { failureLines } = await import("./lib/report/display/run_summary.ts");
    const failure = failureOf(error);
    const text = `${failureLines(failure).join("\n")}\n`;
    complain(await stderrIsJournal() ? await forJournal(text) : text);
    return exitStatuses[failure.kind === "usage" || failure.kind === "refused" ? failure.kind : "failed"];
  }
}

/** Loads the parser only for what needs it. */
async function parse(args: readonly string[]): Promise<Command> {
  const asked = askedFor(args);
  if (asked) return { command: asked };
  const { parseCommandLine } = await import("./lib/cli/command_line.ts");
  const { systemFiles } = await import("./lib/cli/parse/files.ts");
  return await parseCommandLine(args, Deno.env.toObject(), systemFiles);
}

/** Here, because the path to the worker's module is told from this one. */
function createWorker(): Worker {
  return new Worker(new URL("./lib/fleet/worker.ts", import.meta.url), { type: "module" });
}

/** As errors, in the journal's own words. */
async function forJournal(text: string): Promise<string> {
  const { journalLines } = await import("./lib/report/log/log_format.ts");
  return journalLines(text, 40);
}

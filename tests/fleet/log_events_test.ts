/** What people hear of the fleet. @module */

import { assertEquals } from "@std/assert";
import type { SourceRequest } from "../../lib/core/settings.ts";
import { describeLeftovers, logEvents } from "../../lib/fleet/log_events.ts";
import type { Failure } from "../../lib/core/errors.ts";
import type { SourceLogger } from "../../lib/report/log/logging.ts";
import { PlainDisplay } from "../../lib/report/display/plain_display.ts";
import { SourceReportBuilder } from "../../lib/report/report_builder.ts";

const request: SourceRequest = { engine: "mysql", kind: "instance", value: "whitehall" };
const failure: Failure = { kind: "failed", code: "unexpected", message: "Cannot: why", hint: "Do.", also: [] };

Deno.test("logEvents() logs a worker's records with source and phase", () => {
  const { logger, lines } = listen();
  logger.event(request, { type: "phase", phase: "scrub" });
  logger.event(request, { type: "log", record: { level: 30, time: 0, message: "slow" } });
  assertEquals(lines, ["whitehall scrub: begins", "whitehall scrub: 30 slow"]);
});

Deno.test("logEvents() logs a failure, and what else went wrong, each with its code and hint", () => {
  const { logger, lines } = listen();
  const also = [{ ...failure, code: "leftovers", message: "Cannot delete" } as const];
  logger.ended({ request, report: new SourceReportBuilder(request).report, failure: { ...failure, also } });
  assertEquals(lines, [
    "whitehall undefined: error Cannot: why (unexpected, Do.)",
    "whitehall undefined: error also: Cannot delete (leftovers, Do.)",
  ]);
});

Deno.test("logEvents() logs the end of each phase with its seconds", () => {
  const { logger, lines, clock } = listen();
  logger.event(request, { type: "phase", phase: "scrub" });
  clock.now = 65_250;
  logger.event(request, { type: "phase", phase: "verify" });
  clock.now = 66_250;
  logger.ended({ request, report: new SourceReportBuilder(request).report });
  assertEquals(lines, [
    "whitehall scrub: begins",
    "whitehall scrub: info ends after 1:05 (65.25)",
    "whitehall verify: begins",
    "whitehall verify: info ends after 0:01 (1)",
    "whitehall verify: info done",
  ]);
});

Deno.test.each<{ what: string; failure?: Failure; held: readonly string[] }>([
  { what: "forgets a workspace whose source is done", held: [] },
  { what: "forgets a workspace whose source failed", failure, held: [] },
  { what: "keeps a workspace that was left", failure: { ...failure, kind: "leftovers" }, held: ["scrubber-1"] },
])("logEvents() $what", ({ failure, held }) => {
  const { logger } = listen();
  const builder = new SourceReportBuilder(request);
  builder.set({ workspace: "scrubber-1" });
  logger.granted(request, "scrubber-1");
  logger.ended({ request, report: builder.report, ...(failure && { failure }) });
  assertEquals([...logger.liveWorkspaces.keys()], held);
});

Deno.test("logEvents() keeps the snapshots that a workspace's end may leave, until its snapshot has its proof", () => {
  const { logger } = listen();
  logger.granted(request, "scrubber-1");
  logger.event(request, { type: "snapshot", snapshot: "scrubbed-1" });
  logger.event(request, { type: "snapshot", snapshot: "scrubbed-2" });
  assertEquals([...logger.liveWorkspaces.values()], [{
    source: "whitehall",
    snapshots: ["scrubbed-1", "scrubbed-2"],
  }]);
  logger.event(request, { type: "phase", phase: "share" });
  assertEquals(logger.liveWorkspaces.size, 0);
});

function listen(): { logger: ReturnType<typeof logEvents>; lines: readonly string[]; clock: { now: number } } {
  const lines: string[] = [];
  const clock = { now: 0 };
  const loggerFor = (source: string): SourceLogger => ({
    debug: (message, phase) => void lines.push(`${source} ${phase}: debug ${message}`),
    info: (message, phase, { seconds } = {}) =>
      void lines.push(`${source} ${phase}: info ${message}${seconds === undefined ? "" : ` (${seconds})`}`),
    warn: (message, phase) => void lines.push(`${source} ${phase}: warn ${message}`),
    error: (message, phase, { code, hint } = {}) =>
      void lines.push(`${source} ${phase}: error ${message} (${code}, ${hint})`),
    critical: (message, phase) => void lines.push(`${source} ${phase}: critical ${message}`),
    pass: ({ level, message }, phase) => void lines.push(`${source} ${phase}: ${level} ${message}`),
  });
  const display = new PlainDisplay({
    write: () => {},
    now: () => 0,
    say: (source, phase, message) => void lines.push(`${source} ${phase}: ${message}`),
    estimates: () => [],
  });
  return { logger: logEvents(loggerFor, display, () => clock.now), lines, clock };
}

Deno.test("describeLeftovers() names every workspace, its snapshots without proof and its source", () => {
  const held = new Map([
    ["scrubber-mysql-1", { source: "whitehall", snapshots: ["scrubbed-whitehall-1"] }],
    ["scrubber-postgres-2", { source: "emails", snapshots: [] }],
  ]);
  assertEquals(
    describeLeftovers(held),
    'Left behind in AWS, maybe with unscrubbed data:\n  RDS instance "scrubber-mysql-1" (of "whitehall")\n' +
      '  snapshot "scrubbed-whitehall-1" without proof (of "whitehall")\n' +
      '  RDS instance "scrubber-postgres-2" (of "emails")\nDelete without a final snapshot.\n',
  );
});

Deno.test("describeLeftovers() says so where nothing is left", () => {
  assertEquals(describeLeftovers(new Map()), "Nothing is left behind in AWS.\n");
});

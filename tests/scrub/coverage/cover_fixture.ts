/** Covers, plans, scrubs and verifies one database as a run does, or says what stops it. @module */

import type { Engine } from "../../../lib/engine/engine.ts";
import type { CoverageReport } from "../../../lib/core/report.ts";
import { ScrubError } from "../../../lib/core/errors.ts";
import { coverDatabase, type CoverOptions } from "../../../lib/scrub/coverage/cover_database.ts";
import { refuseSurprisingValues } from "../../../lib/scrub/plan/structural_values.ts";
import { planDatabase } from "../../../lib/scrub/plan/plan_database.ts";
import { scrubDatabase } from "../../../lib/scrub/execute/scrub_database.ts";
import type { Scrubber } from "../../../lib/scrub/rules/definition.ts";
import { refusal } from "../../../lib/scrub/coverage/drift.ts";
import { prepareLeakSearch } from "../../../lib/scrub/leak_search/leak_search.ts";
import { verify } from "../../../lib/scrub/verify/verify.ts";
import type { TestServer } from "../../servers.ts";
import {
  dataTime,
  engineNamed,
  leakOptions,
  never,
  silent,
  targetOf,
  testKey,
  workspaceWith,
} from "../scrub_fixture.ts";

/** What a run's databases are asked by default. */
export const strict: CoverOptions = { onDrift: "refuse", reviewed: [] };

/**
 * One database's whole way, coverage included.
 *
 * @throws {ScrubError} `refused` where something is not accounted for; nothing was changed then.
 */
export async function coverAndScrub(
  server: TestServer,
  which: Engine["name"] | Engine,
  database: string,
  scrubber: Scrubber,
  options: CoverOptions = strict,
): Promise<CoverageReport> {
  const engine = typeof which === "string" ? engineNamed(which) : which;
  const target = targetOf(server, database);
  await using session = await engine.open(target, testKey(), never);
  await engine.prepare(session);
  const covered = await coverDatabase(engine, session, scrubber, options);
  const refused = refusal("test", [covered.drift]);
  if (refused) throw refused;
  const { schema, coverage: { columns } } = covered;
  await engine.checkRows?.(session, schema);
  await refuseSurprisingValues([{ database: { engine, session, schema }, columns }]);
  const decided = await planDatabase(engine, session, target, scrubber, covered, dataTime);
  const { planned: [planned = decided] } = await prepareLeakSearch([decided], [], leakOptions(), silent);
  const scrubbed = await scrubDatabase(planned, testKey(), 1, silent, never);
  await verify(workspaceWith(database), [scrubbed], silent);
  await engine.closeScratch(session);
  await engine.purge(session, covered.schema, planned.plans);
  return covered.report;
}

/** The refusal that a run ends in. */
export async function refusalOf(run: Promise<unknown>): Promise<ScrubError> {
  const outcome = await run.then(() => undefined, (error: unknown) => error);
  if (outcome instanceof ScrubError && outcome.kind === "refused") return outcome;
  throw new TypeError(`Not refused: ${outcome}`);
}

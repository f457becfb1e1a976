/** The story of one database by URL, on a server that is no workspace: refuse, discover, then the phases that every scrub has. @module */

import type { Engine, Session, Step, Target } from "../engine/engine.ts";
import { ScrubError } from "../core/errors.ts";
import { liveName, type LiveScrub } from "../core/live_database.ts";
import type { LiveReport } from "../core/report.ts";
import type { Reviewed } from "../core/reviewed.ts";
import { readReviewed } from "../scrub/coverage/reviewed.ts";
import { serverRefusal } from "../scrub/coverage/server_objects.ts";
import { scrubbersWith } from "../scrub/rule_files/registry.ts";
import type { Scrubber } from "../scrub/rules/definition.ts";
import { searchExtent } from "../scrub/verify/verify.ts";
import { concurrencyOf, loadEngine } from "./engines.ts";
import { reviewedFor, scrubberFor } from "./live_database.ts";
import { adviseInPlace } from "./live_hints.ts";
import { refuseLiveServer, refuseOtherSessions } from "./live_server.ts";
import { logInLive } from "./live_login.ts";
import { type OpenedDatabase, reportSideEffects } from "./open_databases.ts";
import { type Place, type ProvenDatabases, runPhases } from "./phases.ts";
import { reportDatabases } from "./report_database.ts";
import type { DatabasesRun, SourceRun } from "./run.ts";

/** A run on a database by URL. */
export interface LiveRun extends SourceRun {
  readonly live: LiveScrub;
}

/** Milliseconds that removing scratch may take after a failure. */
const cleanUpTimeout = 120_000;

/** How far a scrub is. */
interface Standing {
  state: LiveReport["state"];
  /** What is still to be undone, on a session of the database. */
  undo: readonly Step[];
  /** Whether there may be scratch. */
  scratch: boolean;
}

/**
 * Scrubs one database in place, and nothing else of its server. Ends with a scrubbed and verified database, or with one that is
 * as it was, or with one that is marked as unfinished; scratch is removed in any case.
 *
 * @throws {ScrubError} why it is not the first, with `unfinished` among its company for the last.
 */
export async function runLive(run: LiveRun, signal: AbortSignal): Promise<void> {
  const { live: { request }, report } = run;
  const engine = run.engines?.[request.target.engine] ?? await loadEngine(request.target.engine);
  const { engine: _, ...login } = request.target;
  const target: Target = { ...login, ca: request.ca };
  const standing: Standing = { state: "unchanged", undo: [], scratch: false };
  try {
    await scrubInPlace(run, engine, target, standing, signal);
  } catch (thrown) {
    const error = adviseInPlace(thrown);
    const more = await cleanUp(run, engine, target, standing);
    report.set({ live: { state: standing.state, holds: [], lacks: [] } });
    throw more.length === 0 ? error : new AggregateError([error, ...more]);
  }
}

async function scrubInPlace(
  run: LiveRun,
  engine: Engine,
  target: Target,
  standing: Standing,
  signal: AbortSignal,
): Promise<void> {
  const { request, allowManaged } = run.live;
  const { report, request: { value: source } } = run;
  await using sessions = new AsyncDisposableStack();

  run.phase("discover");
  {
    await using reader = await logInLive(engine, request, signal);
    await refuseLiveServer(engine, reader, { allowManaged });
  }
  const scrubber = scrubberFor(request.target, request.scrubber, scrubbersWith(run.scrubbers, request.ruleFiles));
  const added = reviewedFor(request, scrubber);
  const inside: DatabasesRun = {
    ...run,
    settings: { ...run.settings, warm: "off", onDrift: request.onDrift, reviewed: { [scrubber.name]: added } },
    engine,
    target,
    source,
    resourceId: source,
    storageBytes: undefined,
    asOf: new Date(),
  };
  const session = sessions.use(await engine.open(target, run.key, signal));
  const reviewed = [...readReviewed(`reviewed.json of "${scrubber.name}"`, scrubber.reviewed), ...added];
  await refuseUnknownCatalogue(engine, session, source, reviewed);
  reportSideEffects(inside, await engine.disableSideEffects(session, "database"));
  standing.undo = await engine.prepare(session, "database");
  standing.scratch = true;
  const opened = openedDatabase(inside, session, scrubber, signal);
  reportDatabases(inside, [opened.assignment]);
  const proven = await runPhases(inside, placeOf(inside, opened, reviewed, standing), signal);
  if (proven) report.set({ live: promisesOf(proven) });
}

function openedDatabase(
  run: DatabasesRun,
  session: Session,
  scrubber: Scrubber,
  signal: AbortSignal,
): OpenedDatabase {
  const { engine, target, key } = run;
  return {
    assignment: { database: session.database, disposition: "scrubbed", scrubber },
    session,
    target,
    pool: { size: concurrencyOf(run), open: () => engine.open(target, key, signal) },
  };
}

/** One database alone: others, accounts, logs and what databases share stay as they are. */
function placeOf(
  { engine }: DatabasesRun,
  opened: OpenedDatabase,
  reviewed: readonly Reviewed[],
  standing: Standing,
): Place {
  const { assignment, session } = opened;
  return {
    assignments: [assignment],
    opened: [opened],
    reviewed,
    reach: "database",
    name: "the database",
    consequence: "The database is not scrubbed to the end, and is marked as such.",
    verified: {
      resourceId: liveNameOf(opened),
      databases: () => Promise.resolve([]),
      refusedObjects: () => Promise.resolve([]),
      letThrough: [],
    },
    async begin() {
      await refuseOtherSessions(engine, session);
      standing.state = "unfinished";
      await engine.markUnfinished(session);
    },
    seal: () => refuseOtherSessions(engine, session),
    closeScratch: (session) => engine.markUnfinished(session, "alone"),
    handOver: () => Promise.resolve(),
    async purgeServer(plans) {
      for (const step of standing.undo.toReversed()) await session.run(step);
      standing.undo = [];
      const residue = await engine.live.residueOutside(session, plans);
      await refuseOtherSessions(engine, session);
      await engine.closeScratch(session);
      standing.state = "scrubbed";
      return residue;
    },
  };
}

function liveNameOf({ target, session }: OpenedDatabase): string {
  return liveName({ ...target, database: session.database });
}

/**
 * What is in catalogues that this version does not know, no rule covers. Objects of the server itself are not ours to judge.
 *
 * @throws {ScrubError} `catalogue`.
 */
async function refuseUnknownCatalogue(
  engine: Engine,
  session: Session,
  source: string,
  reviewed: readonly Reviewed[],
): Promise<void> {
  const { unknownColumns } = await engine.serverInventory(session);
  const refused = serverRefusal(source, { objects: [], unknownColumns }, reviewed);
  if (refused) throw refused;
}

/** What a scrub in place promises, and what a run in RDS promises beyond that. */
function promisesOf({ proof }: ProvenDatabases): LiveReport {
  const searched = {
    full: "verified: no removed address or token is left where it was searched, in full",
    sample: "verified: no removed address or token is left where it was searched; of big tables a sample",
    off: "verified, but for removed values elsewhere: --leak-search was off",
  }[searchExtent(proof.databases.map(({ leaks }) => leaks))];
  return {
    state: "scrubbed",
    holds: [
      "every column is accounted for, and every scrubbed row is as its rule promises",
      searched,
      "the files of its tables were rewritten, and its statistics made anew: old values are gone from them",
    ],
    lacks: [
      "accounts of the server keep their passwords, and other databases are as they were",
      "old values remain outside the files of the database, as listed under old values outside tables",
      "no other session was there when it was looked for, but none was kept out",
    ],
  };
}

/** Removes scratch, and undoes what is to be undone, on a session of its own: the run's may have been cut. Never rejects. */
async function cleanUp(
  { key, log, request: { value } }: LiveRun,
  engine: Engine,
  target: Target,
  standing: Standing,
): Promise<readonly ScrubError[]> {
  if (!standing.scratch) return [];
  const unfinished = standing.state === "unfinished";
  try {
    await using session = await engine.open(target, key, AbortSignal.timeout(cleanUpTimeout));
    for (const step of standing.undo.toReversed()) await session.run(step);
    if (unfinished) await engine.markUnfinished(session, "alone");
    else await engine.closeScratch(session);
    log.info("scratch is removed");
  } catch (error) {
    if (!unfinished && error instanceof ScrubError && error.code === "scratch") return []; // not ours
    return [
      new ScrubError(
        "leftovers",
        `Cannot remove scratch from "${value}"${unfinished ? ", which is not scrubbed to the end" : ""}`,
        unfinished
          ? "Scrub it again, which removes scratch, or says what to do first; or drop it: it may hold personal data. Drop no scratch by " +
            "hand: on MySQL a table may be there alone."
          : 'Drop the schema "datascrubber" (PostgreSQL), or the databases that begin with "datascrubber" (MySQL), by hand.',
      ),
    ];
  }
  if (!unfinished) return [];
  return [
    new ScrubError(
      "unfinished",
      `Cannot vouch for "${value}": it was changed, but not scrubbed and verified to the end; it may hold personal data`,
      `It is marked, by a table in the ${
        engine.name === "mysql" ? 'database that begins with "datascrubbercopy_"' : 'schema "datascrubber"'
      }. Scrub it again, or drop it.${
        engine.name === "mysql" ? " A table that was being replaced may have lost its triggers." : ""
      }`,
    ),
  ];
}

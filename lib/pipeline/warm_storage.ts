/** Reads the workspace's volume ahead: after a restore each block comes from S3 when it is first read, which is slow one by one. @module */

import { ScrubError } from "../core/errors.ts";
import type { WarmingReport } from "../core/report.ts";
import type { Session, StoragePart } from "../engine/engine.ts";
import type { Table } from "../engine/schema.ts";
import { sizeText } from "../report/display/progress_display.ts";
import { type PiecesRead, readPieces } from "../scrub/parallel/read_pieces.ts";
import type { SessionPool } from "../scrub/parallel/session_pool.ts";
import type { DatabasesRun } from "./run.ts";

/** Tables that the run reads, and sessions on their database. */
export interface WarmedTables {
  readonly session: Session;
  /** Absent: they are not read ahead. */
  readonly pool?: SessionPool;
  readonly tables: readonly Table[];
}

/** In bytes: with less, a volume that is slow costs seconds. */
const leastBytes = 256 * 2 ** 20;

/** As many requests as S3 answers at a time with profit: 32 readers get some ten times what one gets, as RDS's users report. */
const mostReaders = 32;

/**
 * Reads a part of the tables' storage ahead, unless only a plan is wanted, it is fast or little, or `--warm` says otherwise. Takes no part
 * in what a run promises: a failure is a warning.
 */
export async function warmStorage(
  run: DatabasesRun,
  databases: readonly WarmedTables[],
  part: StoragePart,
): Promise<void> {
  const { settings, log, report } = run;
  const bytes = databases.flatMap(({ tables }) => tables).reduce((sum, { bytes }) => sum + bytes, 0);
  if (settings.warm === "off" || settings.planOnly || bytes === 0) return;
  if (settings.warm === undefined && bytes < leastBytes) return;
  try {
    report.set({ warming: report.report.warming ?? await begin(run) });
    for (const database of databases) await warmDatabase(run, database, part);
  } catch (thrown) {
    // Where the connection is lost, what storage needed is not removed either.
    const error = thrown instanceof SuppressedError ? thrown.suppressed : thrown;
    if (!(error instanceof ScrubError)) throw thrown;
    log.warn(`the volume is not read ahead any more, so that a cold one is slow: ${error.message}`);
    report.set({ warming: { ...report.report.warming ?? nothing, ended: "failed" } });
  }
}

const nothing: WarmingReport = { readers: 0, bytes: 0, ofBytes: 0, seconds: 0, ended: "all read" };

async function begin({ initialisation }: DatabasesRun): Promise<WarmingReport> {
  const found = await initialisation?.();
  return { ...found && { initialisation: found }, ...nothing };
}

async function warmDatabase(
  run: DatabasesRun,
  { session, pool, tables }: WarmedTables,
  part: StoragePart,
): Promise<void> {
  const { engine, settings, log, report } = run;
  if (!pool || tables.length === 0) return;
  // Planning opens it anew.
  if (part === "rows") await engine.openScratch(session);
  await using storage = await engine.storagePieces(session, tables, part);
  const { pieces } = storage;
  const { database } = session;
  const warmed = await readPieces(pieces, {
    readers: settings.warm === undefined || settings.warm === "off" ? await readersFor(run, session) : settings.warm,
    untilFast: settings.warm === undefined,
    open: () => pool.open(),
    now: () => performance.now(),
    onProgress: (what, share) => log.progress({ what: `reading ${what} ahead`, share }),
  });
  const ofBytes = pieces.reduce((sum, { bytes }) => sum + bytes, 0);
  log.info(`${part} of "${database}": ${describe(warmed, ofBytes)}`, { database, bytes: warmed.bytes });
  report.set({ warming: added(report.report.warming ?? nothing, warmed, ofBytes) });
}

/** No more than a quarter of the sessions that the server admits. */
async function readersFor({ engine }: DatabasesRun, session: Session): Promise<number> {
  const settings = await engine.readSettings(session, ["max_connections"]);
  const admitted = Number(settings.get("max_connections") ?? 4 * mostReaders);
  return Math.max(1, Math.min(mostReaders, Math.floor(admitted / 4)));
}

function describe({ bytes, seconds, readers, ended }: PiecesRead, ofBytes: number): string {
  const why = ended === "fast" ? ", and no more, because the volume is fast" : "";
  const sessions = `${readers} ${readers === 1 ? "session" : "sessions"}`;
  return `${sizeText(bytes)} of ${sizeText(ofBytes)} read ahead by ${sessions} in ${seconds.toFixed(1)} s${why}`;
}

function added(before: WarmingReport, { readers, bytes, seconds, ended }: PiecesRead, ofBytes: number): WarmingReport {
  return {
    ...before,
    readers: Math.max(before.readers, readers),
    bytes: before.bytes + Math.round(bytes),
    ofBytes: before.ofBytes + Math.round(ofBytes),
    seconds: before.seconds + seconds,
    ended: before.ended === "fast" ? "fast" : ended,
  };
}

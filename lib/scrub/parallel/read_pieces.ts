/** Reads storage ahead that loads its blocks when they are first read, as an RDS volume does that was restored from a snapshot. @module */

import type { Session, StoragePiece } from "../../engine/engine.ts";

/** How pieces are read. */
export interface ReadOptions {
  /** How many sessions read at a time, at most. */
  readonly readers: number;
  /** Whether reading ends once it is fast. */
  readonly untilFast: boolean;
  /** One more session. */
  open(): Promise<Pick<Session, "scan"> & AsyncDisposable>;
  /** A clock, in milliseconds. */
  now(): number;
  /** Hears what is read, and which share of the bytes was read. */
  onProgress(what: string, share: number): void;
}

/** What was read. */
export interface PiecesRead {
  readonly bytes: number;
  readonly seconds: number;
  /** How many sessions read at a time. */
  readonly readers: number;
  /** Why it ended. */
  readonly ended: "fast" | "all read";
}

/**
 * Bytes a second. One reader gets 10 to 40 MB/s of a volume whose blocks come from S3, and what the volume can give of one that is loaded,
 * which is 125 MiB/s of the smallest gp3 and 79 MB/s on the smallest classes (Amazon EBS-optimized instance types).
 */
const fast = 64 * 2 ** 20;

/** Pieces that one reader reads by itself to find out how fast that is, from all over what is left. */
const probes = 4;
/** Their sizes, in bytes: of smaller ones the statement would be measured, and a larger one would take long. */
const probeBytes = { least: 2 ** 20, most: 64 * 2 ** 20 };
/** How many pieces each reader reads before that is asked again. */
const piecesOfRound = 16;

/** Reads the pieces, by many sessions at a time while that is worth it. Rejects with the first failure. */
export async function readPieces(pieces: readonly StoragePiece[], options: ReadOptions): Promise<PiecesRead> {
  const { untilFast, now } = options;
  const total = pieces.reduce((sum, { bytes }) => sum + bytes, 0);
  const began = now();
  let bytes = 0;
  let readers = 0;
  let waiting = [...pieces];

  /** Reads by so many sessions; none begins a piece after the first failure. */
  async function readAll(some: readonly StoragePiece[], sessions: number): Promise<void> {
    const left = [...some];
    readers = Math.max(readers, Math.min(sessions, left.length));
    const ended = await Promise.allSettled(Array.from({ length: Math.min(sessions, left.length) }, async () => {
      try {
        await using session = await options.open();
        for (let piece = left.shift(); piece; piece = left.shift()) {
          options.onProgress(piece.table.id, bytes / total);
          await session.scan(piece.sql);
          bytes += piece.bytes;
        }
      } catch (error) {
        left.length = 0;
        throw error;
      }
    }));
    for (const one of ended) if (one.status === "rejected") throw one.reason;
  }

  /** Whether one reader gets them fast; false where that cannot be told. */
  async function isFast(): Promise<boolean> {
    const some = spread(waiting);
    if (some.length === 0) return false;
    waiting = waiting.filter((piece) => !some.includes(piece));
    const [before, at] = [bytes, now()];
    await readAll(some, 1);
    return 1000 * (bytes - before) >= fast * (now() - at);
  }

  let ended: PiecesRead["ended"] = "all read";
  while (waiting.length > 0) {
    if (untilFast && await isFast()) {
      if (waiting.length > 0) ended = "fast";
      break;
    }
    const round = untilFast ? options.readers * piecesOfRound : waiting.length;
    await readAll(waiting.splice(0, round), options.readers);
  }
  return { bytes, seconds: (now() - began) / 1000, readers, ended };
}

/** A few pieces whose time says how fast reading is, at equal distances. */
function spread(pieces: readonly StoragePiece[]): readonly StoragePiece[] {
  const fit = pieces.filter(({ bytes }) => bytes >= probeBytes.least && bytes <= probeBytes.most);
  const few = Math.min(probes, fit.length);
  return Array.from({ length: few }, (_, at) => fit[Math.floor((at + 0.5) * fit.length / few)]).filter((piece) =>
    piece !== undefined
  );
}

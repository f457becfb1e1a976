/** Exports verified databases to S3, before the final snapshot. @module */

import { createHash } from "node:crypto";
import { Duplex } from "node:stream";
import { createZstdCompress } from "node:zlib";
import type { S3Export } from "../core/settings.ts";
import type { Target } from "../engine/engine.ts";
import { ScrubError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { ExportReport } from "../core/report.ts";
import { type DumpFormat, dumpStream } from "./dump.ts";
import { type S3Options, uploadObject } from "./s3.ts";
import type { EngineName } from "../core/engine_name.ts";

/** How a dump is compressed; `none`: its format is compressed. */
export type Compression = "gzip" | "zstd" | "none";

/** What to export, and where to. */
export interface ExportRun {
  readonly engine: EngineName;
  /** The server, with the master user's login. */
  readonly target: Target;
  /** Names of verified databases. */
  readonly databases: readonly string[];
  readonly settings: S3Export;
  readonly s3: S3Options;
  readonly log: Log;
}

const formats: Readonly<
  Record<S3Export["format"], { readonly dump: DumpFormat; readonly compression: Compression; readonly type: string }>
> = {
  "sql.gz": { dump: "sql", compression: "gzip", type: "application/gzip" },
  "sql.zst": { dump: "sql", compression: "zstd", type: "application/zstd" },
  "custom": { dump: "custom", compression: "none", type: "application/octet-stream" },
};

/**
 * Streams a dump of each database to an object of its own; no dump is ever in a local file.
 *
 * @throws {ScrubError} `export` or `leftovers` at the first dump or upload that fails. Objects of databases before it are kept.
 */
export async function exportDatabases(run: ExportRun, signal: AbortSignal): Promise<readonly ExportReport[]> {
  await using undo = new AsyncDisposableStack();
  const caFile = await Deno.makeTempFile({ prefix: "datascrubber-ca-" });
  undo.defer(() => Deno.remove(caFile));
  await Deno.writeTextFile(caFile, run.target.ca);
  const time = new Date();
  const reports: ExportReport[] = [];
  for (const database of run.databases) reports.push(await exportDatabase(run, database, caFile, time, signal));
  return reports;
}

/** The key of a dump's object. It never changes. The time is UTC. */
export function objectKey(
  { prefix, format }: Pick<S3Export, "prefix" | "format">,
  database: string,
  time: Date,
): string {
  const name = `${time.toISOString().slice(0, 19)}-${database}.${format === "custom" ? "dump" : format}`;
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Compresses a stream. */
export function compressed(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  compression: Compression,
): ReadableStream<Uint8Array> {
  switch (compression) {
    case "gzip":
      return stream.pipeThrough(new CompressionStream("gzip"));
    case "zstd":
      return stream.pipeThrough(Duplex.toWeb(createZstdCompress()));
    case "none":
      return stream;
  }
}

async function exportDatabase(
  { engine, target, settings, s3, log }: ExportRun,
  database: string,
  caFile: string,
  time: Date,
  signal: AbortSignal,
): Promise<ExportReport> {
  const { bucket, encryption } = settings;
  const { dump, compression, type } = formats[settings.format];
  const key = objectKey(settings, database, time);
  const started = performance.now();
  const hash = createHash("sha256");
  let bytes = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      hash.update(chunk);
      bytes += chunk.length;
      log.progress({ what: database, bytes });
      controller.enqueue(chunk);
    },
  });
  const program = engine === "mysql" ? settings.mysqldump : settings.pgDump;
  const stream = dumpStream({ engine, target: { ...target, database }, format: dump, program, caFile }, signal);
  const body = compressed(stream, compression).pipeThrough(counted);
  const stored = await uploadObject({ bucket, key, contentType: type, body, encryption }, s3, signal);
  if (stored.bytes !== bytes) {
    throw new ScrubError(
      "export",
      `Cannot export "${database}": S3 has ${stored.bytes} bytes of "s3://${bucket}/${key}" instead of ${bytes}`,
      "Delete the object, and run again.",
    );
  }
  log.info(`exported "${database}" to "s3://${bucket}/${key}", ${bytes} bytes`);
  return {
    database,
    object: `s3://${bucket}/${key}`,
    bytes,
    sha256: hash.digest("hex"),
    seconds: (performance.now() - started) / 1000,
    ...(stored.bucketOwner !== undefined && { bucketOwner: stored.bucketOwner }),
  };
}

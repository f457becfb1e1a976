/** Streams made smaller. @module */

import { Duplex } from "node:stream";
import { createZstdCompress } from "node:zlib";

/** How a dump is compressed; `none`: its format does so itself. */
export type Compression = "gzip" | "zstd" | "none";

/** The stream, compressed. */
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

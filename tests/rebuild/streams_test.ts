/** Streams stop each other. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { inStreams } from "../../lib/rebuild/streams.ts";

Deno.test("the first stream that fails stops the others, and its failure is the one that counts", async () => {
  const started: string[] = [];
  const stopped: string[] = [];
  const failure = new Error("broken");
  const error = await assertRejects(() =>
    inStreams(["long", "broken", "later"], 2, new AbortController().signal, async (item, signal) => {
      started.push(item);
      if (item === "broken") throw failure;
      const { promise, resolve } = Promise.withResolvers<void>();
      signal.addEventListener("abort", () => resolve());
      await promise;
      stopped.push(item);
      throw new Error("stopped");
    })
  );
  assertEquals([error, started, stopped], [failure, ["long", "broken"], ["long"]]);
});

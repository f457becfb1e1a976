/** Several at a time: results in order, none left behind. @module */

import { assertEquals, assertRejects } from "@std/assert";
import { bothOf, inParallel } from "../../lib/core/in_parallel.ts";

Deno.test("results come in the items' order, whichever ends first", async () => {
  const gates = [0, 1, 2].map(() => Promise.withResolvers<string>());
  const done = inParallel(gates, 3, ({ promise }) => promise);
  gates[2]?.resolve("c");
  gates[0]?.resolve("a");
  gates[1]?.resolve("b");
  assertEquals(await done, ["a", "b", "c"]);
});

Deno.test("no more than so many are worked on at a time", async () => {
  let [now, most] = [0, 0];
  await inParallel([1, 2, 3, 4, 5], 2, async () => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
  });
  assertEquals(most, 2);
});

Deno.test("after a failure none starts, what was started is waited for, and the first failure is thrown", async () => {
  const slow = Promise.withResolvers<void>();
  const seen: string[] = [];
  const work = inParallel(["slow", "bad", "never"], 2, async (item) => {
    seen.push(item);
    if (item === "bad") throw new Error("bad");
    await slow.promise;
    seen.push("slow ended");
  });
  slow.resolve();
  await assertRejects(() => work, Error, "bad");
  assertEquals(seen, ["slow", "bad", "slow ended"]);
});

Deno.test("of both works each result comes, whichever ends first", async () => {
  const late = Promise.withResolvers<number>();
  const both = bothOf(() => late.promise, () => Promise.resolve("b"));
  late.resolve(1);
  assertEquals(await both, [1, "b"]);
});

for (const first of [true, false]) {
  Deno.test(`a failure of the ${first ? "first" : "second"} of both works is thrown once the other has ended`, async () => {
    const slow = Promise.withResolvers<void>();
    const seen: string[] = [];
    const fails = () => Promise.reject(new Error("bad"));
    const ends = async () => {
      await slow.promise;
      seen.push("ended");
    };
    const both = first ? bothOf(fails, ends) : bothOf(ends, fails);
    slow.resolve();
    await assertRejects(() => both, Error, "bad");
    assertEquals(seen, ["ended"]);
  });
}

/** `--max-age`. @module */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { ScrubError } from "../../../lib/core/errors.ts";
import { checkAge } from "../../../lib/rds/source/age.ts";
import { openLab } from "../local.ts";

const hour = 3_600_000;

Deno.test("checkAge() refuses a snapshot whose data is older than allowed", async (t) => {
  await using lab = await openLab();
  const source = await lab.source();
  for (
    const { name, age, maxAge, refused } of [
      { name: "any age", age: 10_000 * hour, maxAge: undefined, refused: false },
      { name: "younger", age: 25 * hour, maxAge: 26 * hour, refused: false },
      { name: "as old", age: 26 * hour, maxAge: 26 * hour, refused: false },
      { name: "older", age: 26 * hour + 1, maxAge: 26 * hour, refused: true },
    ]
  ) {
    await t.step(name, () => {
      const takenAt = new Date("2026-11-24T03:00:00.000Z");
      let message = "";
      try {
        const { snapshot } = source;
        checkAge({ ...source, snapshot: { ...snapshot, takenAt } }, maxAge, new Date(takenAt.getTime() + age));
      } catch (error) {
        if (!(error instanceof ScrubError)) throw error;
        message = error.message;
      }
      assertEquals(message !== "", refused);
      if (refused) assertStringIncludes(message, "older than the 26h of --max-age");
    });
  }
});

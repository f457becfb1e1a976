/** `plan --url --sample`: rows before and after, on a terminal or where somebody asks for it, and nowhere else. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { countMarks } from "../fixtures/count_marks.ts";
import { MARK } from "../fixtures/mark.ts";
import { runProgram } from "../fleet/program.ts";
import { laptop, scrubbers } from "./scrub_url_stage.ts";

for (const engine of ["postgresql", "mysql"] as const) {
  Deno.test(`${engine}: plan --sample shows rows before and after, logs no value, and changes nothing`, async () => {
    await using place = await laptop(engine);
    const database = await place.addDatabase("copy");
    const marks = await countMarks(database);
    const plan = (...args: readonly string[]) =>
      runProgram(["plan", "--scrubber", scrubbers[engine], "--log-level", "DEBUG", ...args], {
        DATASCRUBBER_URL: place.url("copy"),
      });

    const shown = await plan("--sample", "2", "--show-values");
    assertEquals(shown.code, 0, shown.stderr);
    const found = shown.stdout.match(new RegExp(`^ {2}email +\\S*${MARK}\\S* +->  \\S+@example\\.com$`, "gmi"));
    // Two rows of each table with such a column.
    assertEquals(found?.length, engine === "mysql" ? 4 : 2, shown.stdout);
    assert(!shown.stderr.toLowerCase().includes(MARK), shown.stderr);

    const refused = await plan("--sample", "2");
    assertEquals(refused.code, 2);
    assertStringIncludes(refused.stderr, "Cannot show values of rows: standard output is not a terminal");
    const without = await plan();
    assert(![refused, without].some(({ stdout, stderr }) => (stdout + stderr).toLowerCase().includes(MARK)));
    assertEquals(await countMarks(database), marks);
  });
}

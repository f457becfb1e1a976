/** `scrub --url`: one database of a server that has nothing to do with RDS, in place. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { countMarks } from "../fixtures/count_marks.ts";
import { laptop, markedFiles, scratchIn, startScrub } from "./scrub_url_stage.ts";

const accounts = {
  postgresql: "SELECT rolname, rolpassword FROM pg_authid ORDER BY 1",
  mysql: "SELECT user, host, authentication_string, account_locked FROM mysql.user ORDER BY 1, 2",
} as const;

for (const engine of ["postgresql", "mysql"] as const) {
  Deno.test(`${engine}: a database is scrubbed in place, files and all, and nothing else of its server`, async () => {
    await using place = await laptop(engine);
    const database = await place.addDatabase("copy");
    const other = await place.addDatabase("other");
    const marked = async (of: typeof database) => (await countMarks(of)).reduce((sum, { marked }) => sum + marked, 0);
    const [before, theirs] = [await marked(database), await marked(other)];
    const passwords = await place.server.run(accounts[engine]);
    assert(before > 0 && (await markedFiles(place, "copy")).length > 0, "there is nothing to find");

    const program = startScrub(place, "copy");
    const { code, stdout, stderr } = await program.ended();
    assertEquals(code, 0, stdout + stderr);
    assertStringIncludes(stdout, "1 of 1 source done");
    assertStringIncludes(stdout, "scrubbed, where it is, searched for removed values");
    assertStringIncludes(
      stdout,
      "Does not hold, unlike for a snapshot of a run:\n  accounts of the server keep their passwords",
    );
    const { live, phases } = await program.report();
    assertEquals((live as { readonly state: string }).state, "scrubbed");
    assertEquals((phases as readonly { readonly phase: string }[]).map(({ phase }) => phase), [
      "discover",
      "plan",
      "scrub",
      "verify",
      "purge",
    ]);
    assertEquals(await markedFiles(place, "copy"), []);
    assertEquals(await scratchIn(place, "copy"), []);
    assertEquals(await marked(other), theirs);
    assertEquals(await place.server.run(accounts[engine]), passwords);
  });
}

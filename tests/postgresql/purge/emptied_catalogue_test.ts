/** Names that an index of a catalogue keeps after the catalogue's last row. @module */

import { assertEquals } from "@std/assert";
import * as servers from "../../servers.ts";
import { createTestDatabase, scrubberOf, scrubFixture } from "../../scrub/scrub_fixture.ts";

Deno.test("purge() writes a catalogue's indexes anew whose table VACUUM has cut to nothing", async () => {
  const server = await servers.postgresql({ applications: ["application"] });
  try {
    await createTestDatabase(
      server,
      "postgresql",
      "app",
      "CREATE TYPE label AS ENUM ('ann of zmark'); DROP TYPE label; CREATE TABLE notes (id bigserial PRIMARY KEY)",
    );
    await server.run("VACUUM pg_enum", "app");
    const heap = await server.run("SELECT pg_relation_size('pg_enum')::text AS size", "app");
    await scrubFixture(server, "postgresql", "app", scrubberOf("postgresql", {}));
    await server.run("CHECKPOINT");
    const [folder] = await server.run("SELECT oid::text AS oid FROM pg_database WHERE datname = 'app'");
    const { code } = await new Deno.Command("grep", {
      args: ["-rqaF", "ann of zmark", `base/${folder?.["oid"]}`],
      cwd: server.dataDir,
      env: { LC_ALL: "C" },
    }).output();
    assertEquals({ heap, code }, { heap: [{ size: "0" }], code: 1 });
  } finally {
    await server.stop("now");
  }
});

/** The applications' tables by copies that replace them: nothing differs but the values. @module */
import { assertEquals } from "@std/assert";
import { fill } from "../../fixtures/fill.ts";
import { createDatabase } from "../../fixtures/server_database.ts";
import { coverAndScrub } from "../../scrub/coverage/cover_fixture.ts";
import { serverOf } from "../../scrub/scrub_fixture.ts";
import { scrubberOf } from "../../scrubbers/scrubber_of.ts";
import { largeTables } from "../fixture.ts";
import { changed, dump } from "./definitions.ts";

const server = await serverOf("postgresql");
Deno.test.afterAll(() => server.stop("now"));

const identifiers =
  `SELECT relname AS name, oid::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`;

/** The tables that copies replace; others have arrays, are referenced by larger ones together, or have no rule for every row. */
const copied = {
  "email_alert_api-2026": ["emails", "subscriptions"],
  "publishing_api-2026": ["access_limits", "actions", "events", "users"],
};

for (const name of ["email_alert_api-2026", "publishing_api-2026"] as const) {
  Deno.test(`${name}: copies replace tables, and the definitions are the same`, async () => {
    const database = `copied_${name.replace("-", "_")}`;
    const db = await createDatabase(server, name, database, "application");
    await fill(db, { rows: 5 });
    await db.run(`CREATE TABLE schema_migrations (version varchar(255) NOT NULL PRIMARY KEY);
      CREATE TABLE ar_internal_metadata ("key" varchar(255) NOT NULL PRIMARY KEY, value varchar(255))`);
    const [before, tables] = [await dump(server, database), await server.run(identifiers, database)];
    await coverAndScrub(server, largeTables, database, scrubberOf(name));
    assertEquals(changed(before, await dump(server, database)), { gone: [], come: [] });
    const after = new Map((await server.run(identifiers, database)).map(({ name, oid }) => [name, oid]));
    assertEquals(
      tables.filter(({ name, oid }) => after.get(name) !== oid).map(({ name }) => String(name)).sort(),
      copied[name],
    );
  });
}

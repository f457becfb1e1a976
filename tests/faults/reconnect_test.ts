/** An application that stays connected while its data are scrubbed, or comes back: nothing that it writes gets past the verification. @module */

import { assertEquals, assertRejects } from "@std/assert";
import type { Cell, Target } from "../../lib/engine/engine.ts";
import { trusted } from "../../lib/engine/sql.ts";
import { mysql } from "../../lib/mysql/mod.ts";
import { Connection, defaultLimits } from "../../lib/postgresql/session/connection.ts";
import { heldDatabase, type HeldEngine, heldStage, holdScrub } from "../end_to_end/held_scrub.ts";
import { leftIn } from "../end_to_end/stage.ts";
import { never, testKey } from "../scrub/scrub_fixture.ts";

const application = { user: "visitor", password: "PasswordOfTheVisitor1" };
const written = "zmark-late@private.example";

interface Visitor extends AsyncDisposable {
  send(text: string): Promise<unknown>;
}

/** Logs in as the application does. */
async function visit(engine: HeldEngine, target: Target): Promise<Visitor> {
  if (engine === "mysql") {
    const session = await mysql.open(target, testKey(), never);
    return {
      send: (text): Promise<readonly Readonly<Record<string, Cell>>[]> => session.query(trusted(text)),
      [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
    };
  }
  const connection = await Connection.open(target, defaultLimits, never);
  return {
    send: (text) => connection.send(text, { what: "write as the application" }),
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

const makeVisitor = {
  postgresql: `CREATE ROLE visitor LOGIN PASSWORD '${application.password}' IN ROLE application;
    GRANT visitor TO master WITH ADMIN OPTION`,
  mysql: `CREATE USER visitor@'%' IDENTIFIED BY '${application.password}';
    GRANT ALL ON whitehall_production.* TO visitor@'%'`,
} as const;

for (const engine of ["postgresql", "mysql"] as const) {
  Deno.test(`${engine}: an application that is connected all the time writes nothing behind the verification`, async () => {
    await using rds = await heldStage(engine);
    const held = await holdScrub(rds, engine);
    const { program, server, holder } = held;
    await server.run(makeVisitor[engine]);
    const target = { ...application, host: server.host, port: server.port, ca: rds.ca, database: heldDatabase[engine] };
    await using visitor = await visit(engine, target);
    const [table, insert] = engine === "mysql" ? ["users", "INSERT INTO users (email)"] : [
      "public.users",
      "INSERT INTO public.users (email)",
    ];
    // The scrub goes on. (The visitor asks nothing before: it would queue behind the scrub's own lock.)
    await server.run(engine === "mysql" ? `KILL QUERY ${holder}` : `SELECT pg_cancel_backend(${holder})`);
    await held.over;
    await program.until("verify: begins");
    await program.until("purge: begins");
    await assertRejects(() => visitor.send(`${insert} VALUES ('${written}')`), Error, "connection");
    await assertRejects(() => visit(engine, target), Error, "refuse");
    const { code, stderr } = await program.ended();
    assertEquals(code, 0, stderr);
    const { made: [snapshot = ""] } = await leftIn(rds);
    await using copy = await rds.openSnapshot(snapshot);
    const [row] = await copy.run(`SELECT count(*) AS n FROM ${table} WHERE email = '${written}'`, target.database);
    assertEquals(Number(row?.["n"]), 0);
  });
}

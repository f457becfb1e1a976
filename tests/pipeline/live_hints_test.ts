/** Hints are true where they are read: in a run on a workspace, and of a database that is scrubbed where it is. @module */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { ScrubError } from "../../lib/core/errors.ts";
import * as mysql from "../../lib/mysql/session/errors.ts";
import { adviseInPlace } from "../../lib/pipeline/live_hints.ts";
import * as postgresql from "../../lib/postgresql/session/errors.ts";

/** What only a run in RDS has. */
const onlyInRds =
  /workspace|\binstance\b|production|snapshot|master user|parameter group|\bRDS\b|security group|on the source|--keep-|--drop-|--allocated-storage/;

class ServerError extends Error {
  constructor(readonly code: string) {
    super("");
  }
}

const codes = {
  postgresql: [
    ...["2202E", "25006", "40P01", "42501", "53100", "53200", "53400", "53300"],
    ...["55P03", "57014", "57P01", "57P03"],
  ],
  mysql: [
    ...["ER_LOCK_DEADLOCK", "ER_LOCK_WAIT_TIMEOUT", "ER_DISK_FULL", "ER_ENGINE_OUT_OF_MEMORY", "ER_READ_ONLY_MODE"],
    ...["PROTOCOL_CONNECTION_LOST", "ECONNREFUSED", "ER_DBACCESS_DENIED_ERROR", "ER_SERVER_SHUTDOWN"],
    "ER_SCHEMA_READ_ONLY",
  ],
};
const engines = { postgresql, mysql };

for (const engine of ["postgresql", "mysql"] as const) {
  for (const code of codes[engine]) {
    Deno.test(`the hint on ${code} speaks of no workspace where a database is scrubbed in place`, () => {
      const told = adviseInPlace(engines[engine].statementError("scrub", new ServerError(code)));
      assert(told instanceof ScrubError);
      assertEquals([onlyInRds.exec(told.message), onlyInRds.exec(told.hint), told.hint === ""], [null, null, false]);
    });
  }
}

for (
  const [code, engine, said] of [
    ["53100", "postgresql", /Give the workspace more storage, by --allocated-storage,/],
    ["53200", "postgresql", /workspace a larger instance class/],
    ["57014", "postgresql", /a workspace whose session broke is thrown away/],
    ["ER_DISK_FULL", "mysql", /Give the workspace more storage, by --allocated-storage,/],
    ["ER_ENGINE_OUT_OF_MEMORY", "mysql", /workspace a larger instance class/],
  ] as const
) {
  Deno.test(`the hint on ${code} is about the workspace in a run on one`, () => {
    assertMatch(engines[engine].statementError("scrub", new ServerError(code)).hint, said);
  });
}

const [inRds, here] = ["Change the workspace.", "Change the server."];
const error = new ScrubError("table", "Cannot do it: the master user may not", inRds, { inPlace: here });
const told = ["table", "Cannot do it: the user may not", here];
const unexpected = new TypeError("x");

function textsOf(error: unknown): unknown {
  if (error instanceof AggregateError) return error.errors.map(textsOf);
  if (error instanceof SuppressedError) return [textsOf(error.error), textsOf(error.suppressed)];
  return error instanceof ScrubError ? [error.code, error.message, error.hint] : error;
}

for (
  const [what, thrown, expected] of [
    ["an error", error, told],
    ["an error that has one hint", new ScrubError("table", "m", "h"), ["table", "m", "h"]],
    ["an error beside a failed clean-up", new AggregateError([error, error]), [told, told]],
    ["an error behind a failed end", new SuppressedError(error, unexpected), [told, unexpected]],
    ["an unexpected error", unexpected, unexpected],
  ] as const
) {
  Deno.test(`adviseInPlace() finds the hint of ${what}`, () => assertEquals(textsOf(adviseInPlace(thrown)), expected));
}

/** What no database by URL can meet: accounts, other databases and what the whole server keeps are left alone there. */
const onlyOnWorkspaces = [
  /^(postgresql|mysql)\/(mariadb_)?accounts\.ts: /,
  /^mysql\/end_sessions\.ts: /,
  /^mysql\/side_effects\.ts: .*(prepared XA|replication threads|link to another server)/,
];

Deno.test("every hint of an engine that speaks of a workspace has another one for a database by URL", async () => {
  const found: string[] = [];
  for (const name of ["postgresql", "mysql", "engine"]) {
    for await (const [path, text] of sources(new URL(`../../lib/${name}/`, import.meta.url), name)) {
      found.push(
        ...errorsIn(text).filter((made) => onlyInRds.test(hintOf(made)) && !/inPlace/.test(made)).map((made) =>
          `${path}: ${made.replaceAll(/\s+/g, " ")}`
        ),
      );
    }
  }
  assertEquals(found.filter((place) => !onlyOnWorkspaces.some((known) => known.test(place))), []);
  assert(found.length > 0, "the search finds nothing at all");
});

/** The texts of an error's last arguments. */
function hintOf(made: string): string {
  return made.slice(made.search(/[`"],\s*["`]/)).replaceAll("the master user", "");
}

async function* sources(folder: URL, name: string): AsyncGenerator<readonly [path: string, text: string]> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) yield* sources(new URL(`${entry.name}/`, folder), `${name}/${entry.name}`);
    else yield [`${name}/${entry.name}`, await Deno.readTextFile(new URL(entry.name, folder))];
  }
}

/** The arguments of each error that a file makes. */
function errorsIn(text: string): readonly string[] {
  return [...text.matchAll(/new (?:ScrubError|DatabaseError)\(/g)].map(({ index, 0: { length } }) => {
    let depth = 1;
    let at = index + length;
    for (; depth > 0 && at < text.length; at++) depth += text[at] === "(" ? 1 : text[at] === ")" ? -1 : 0;
    return text.slice(index + length, at - 1);
  });
}

/** The matrix of kills: the whole program is gone at some point, without a chance to clean up. @module */

import { type Result, startProgram } from "../../tests/fleet/program.ts";
import { commonArguments, instances, receiver, smallDatabase } from "../../tests/end_to_end/stage.ts";
import type { LocalRds } from "../local_rds/local_rds.ts";
import { database, rulesFile } from "./shapes.ts";
import { otherRegion, production, readyStaging, staging } from "./stage.ts";
import { type Case, runCase } from "./cases.ts";
import type { Said } from "./ends.ts";
import { actAt, heal, type Reached } from "./points.ts";

/** Three of these without a sign of life, and a run counts as dead. */
const heartbeat = ["--heartbeat", "0.002"];

/**
 * How the final snapshot is made; where it is of the running workspace, a fresh one is restored, and the final one is copied, and
 * refreshes an instance. A cluster is cloned otherwise.
 */
type Final = "delete" | "create";

function argumentsFor(rds: LocalRds, final: Final = "delete", refresh = false): string[] {
  return [
    ...locksOf(rds).source(rds),
    "--share-with",
    receiver,
    "--final-snapshot",
    final,
    ...final === "create" ? ["--fresh-snapshot", "--copy-to", `${otherRegion}:alias/customer`] : [],
    ...final === "delete" && rds.clusters().length > 0 ? ["--clone"] : [],
    ...refresh ? ["--refresh", staging] : [],
    ...heartbeat,
    "--wait",
    "--snapshot-retention",
    "2",
    ...commonArguments(rds),
  ];
}

/** A stage's source, and how its server is made to wait. */
interface Locks {
  source(rds: LocalRds): readonly string[];
  readonly tables: readonly string[];
  readonly modes: readonly string[];
  /** Statements that hold the lock until the server's end. */
  hold(table: string, mode: string): string;
  readonly database: string;
  /** How many of the program's sessions wait for one, as `n`. */
  readonly waiting: string;
}

const postgresqlLocks: Locks = {
  source: (rds) => [
    rds.clusters().length > 0 ? "--postgresql-clusters" : "--postgresql-instances",
    instances.postgresql,
  ],
  tables: ["subscribers", "emails", "subscriptions", "subscriber_lists", "users", "messages"],
  modes: ["ACCESS EXCLUSIVE", "SHARE"],
  hold: (table, mode) => `BEGIN; LOCK TABLE ${table} IN ${mode} MODE; SELECT pg_sleep(600)`,
  database: smallDatabase,
  waiting:
    "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'datascrubber' AND wait_event_type = 'Lock'",
};

const mariadbLocks: Locks = {
  source: () => ["--mysql-instances", production, "--rules", rulesFile],
  tables: ["people", "viewed", "notes", "mails", "attempts", "quiet"],
  modes: ["WRITE", "READ"],
  hold: (table, mode) => `LOCK TABLE ${table} ${mode}; SELECT SLEEP(600)`,
  database,
  waiting:
    "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE state LIKE 'Waiting for table metadata lock%'",
};

function locksOf(rds: LocalRds): Locks {
  return rds.instances().some(({ id }) => id === production) ? mariadbLocks : postgresqlLocks;
}

/** One case: killed at a boundary of the first call of a stretch. Undefined where a run has no such stretch. */
export function killAtCall(
  rds: LocalRds,
  stretch: number,
  when: "before" | "after",
  final: Final = "delete",
): Promise<Case | undefined> {
  let reached: Reached = {};
  return runCase(rds, "kills", `${when} the call's effect, final snapshot by ${final}`, {
    async faulty() {
      const refresh = final === "create" && rds.clusters().length === 0;
      if (refresh) await readyStaging(rds);
      const program = startProgram(argumentsFor(rds, final, refresh), rds.environment);
      reached = actAt(rds, { stretch }, when, () => program.kill("SIGKILL"));
      const ended = await program.ended();
      heal(rds);
      return reached.action === undefined ? saidBy(ended) : await whatDied(rds, ended.code);
    },
    at: () => reached.action && `${stretch} ${reached.action}`,
    healthy: () => healthy(rds),
  });
}

/** One case: killed while a statement waits for a lock on a table. Undefined where none ever did. */
export function killInStatement(rds: LocalRds, table: string, mode: string): Promise<Case | undefined> {
  let caught = false;
  return runCase(rds, "kills", `in a statement that waits for ${mode}`, {
    async faulty() {
      const program = startProgram(argumentsFor(rds), rds.environment);
      const ended = program.ended();
      const over = { yes: false };
      ended.finally(() => over.yes = true);
      // The password is set and the server is left alone from here on.
      await program.until("discover: begins").catch(() => {});
      const server = rds.instances().find(({ production }) => !production)?.server;
      const { hold, database, waiting } = locksOf(rds);
      const lock = server?.run(hold(table, mode), database);
      lock?.catch(() => {}); // it ends with the server
      while (!over.yes && !caught) caught = await isWaiting(server, waiting).catch(() => false);
      if (caught) program.kill("SIGKILL");
      return caught ? await whatDied(rds, (await ended).code) : saidBy(await ended);
    },
    at: () => caught ? table : undefined,
    healthy: () => healthy(rds),
  });
}

async function isWaiting(
  server: { run(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> } | undefined,
  waiting: string,
) {
  const [row] = await server?.run(waiting) ?? [];
  return Number(row?.["n"]) > 0;
}

/** All cases. */
export async function* killCases(rds: LocalRds): AsyncGenerator<Case> {
  for (const final of ["delete", "create"] as const) {
    for (const when of ["before", "after"] as const) {
      for (let stretch = 1;; stretch++) {
        const found = await killAtCall(rds, stretch, when, final);
        if (!found) break;
        yield found;
      }
    }
  }
  const { tables, modes } = locksOf(rds);
  for (const table of tables) {
    for (const mode of modes) {
      const found = await killInStatement(rds, table, mode);
      if (found) yield found;
    }
  }
}

/**
 * A program that was killed said nothing; whatever stands is for the next run to find, so that it counts as named, by the name that RDS
 * was asked to give it.
 */
async function whatDied(rds: LocalRds, code: number): Promise<Said> {
  if (code === 0) return { leftovers: false };
  await rds.settled();
  const standing = [...rds.workspaces(), ...rds.made()].map((name) => `"${name}"`);
  return { text: `killed: ${standing.join(" ")}`, leftovers: true };
}

async function healthy(rds: LocalRds): Promise<Said> {
  return saidBy(await startProgram(argumentsFor(rds), rds.environment).ended());
}

/** What a program said that ended by itself. */
function saidBy({ code, stdout, stderr }: Result): Said {
  return code === 0
    ? { leftovers: false }
    : { text: `status ${code}: ${stdout}${stderr.slice(-2000)}`, leftovers: code === 4 };
}

/** Copies a PostgreSQL server: roles, then databases at once by pg_dump and pg_restore, then what would get in their way. @module */

import type { Session, Step, Target } from "../../engine/engine.ts";
import { postgresqlLogin } from "../../export/login.ts";
import { joinRoles, prepare, restoreMemberships } from "../../postgresql/session/owner_roles.ts";
import { open } from "../../postgresql/session/session.ts";
import { sql, textLiteral } from "../../postgresql/sql/literals.ts";
import type { CopiedDatabase, CopiedServer, VerifiedCopy } from "../copied_server.ts";
import { compareCounts, compareDefinitions, type Definitions } from "../definitions.ts";
import { failureOf } from "../failure.ts";
import { inStreams } from "../streams.ts";
import { type Pipe, ProgramFailure, runPipe } from "../pipe.ts";
import { readContents, readDatabaseDefinitions } from "./database_objects.ts";
import { carryExtensions, dropEventTriggers, listUncarried, refuseForeignGrants } from "./obstacles.ts";
import {
  listOf,
  readBeginning,
  readEnd,
  readOwners,
  readServerDefinitions,
  runOrLeave,
  type ServerStatement,
} from "./server_objects.ts";

/** See copyServer(). */
export async function copyPostgresql(copy: VerifiedCopy, signal: AbortSignal): Promise<CopiedServer> {
  const { from, to, databases, jobs, log } = copy;
  await using source = await open(from, undefined, signal);
  await using target = await open(to, undefined, signal);
  const before = await readServerDefinitions(source, databases);
  const beginning = await readBeginning(source, databases);

  const there = new Set((await target.query(sql`SELECT rolname FROM pg_roles`)).map(({ rolname }) => rolname));
  const roles = beginning.roles.filter(({ what }) => !there.has(what));
  for (const { statement } of roles) await target.query(statement);
  log.info(`created ${roles.length} ${roles.length === 1 ? "role" : "roles"} on the new instance`);
  const left = [...await runOrLeave(target, beginning.rights)];
  // The master user has to act for whoever owns something, on either side.
  const owners = sql`SELECT oid FROM pg_roles WHERE rolname IN (${listOf(await readOwners(source))})`;
  const joined = { source: await joinRoles(source, owners), target: await joinRoles(target, owners) };

  const standing = new Set((await target.query(sql`SELECT datname FROM pg_database`)).map(({ datname }) => datname));
  for (const { what, statement } of beginning.databases) {
    if (!standing.has(what)) await target.run({ label: `create database ${what}`, sql: statement });
  }
  const settings = await readLoadSettings(target);
  const copied = await inStreams(
    databases,
    jobs,
    signal,
    (database, signal) => copyDatabase(copy, database, settings, signal),
  );

  const filled = await readServerDefinitions(target, databases);
  const differs = ({ object }: ServerStatement) => before.get(object) !== filled.get(object);
  left.push(...await runOrLeave(target, (await readEnd(source, databases)).filter(differs)));
  await restoreMemberships(target, joined.target);
  await restoreMemberships(source, joined.source);
  left.push(...await runOrLeave(target, beginning.rightsOfMaster));
  const without = (all: Definitions): Definitions =>
    new Map([...all].filter(([object]) => !left.some((one) => one.object === object)));
  compareDefinitions("its server", without(before), without(await readServerDefinitions(target, databases)));
  return {
    databases: copied.map(({ report }) => report),
    notCarried: [
      ...(roles.length === 0 ? [] : [`the passwords of ${roles.length} ${roles.length === 1 ? "role" : "roles"}`]),
      ...left.map(({ what }) => `${what}: the master user may not set it`),
      ...copied.flatMap(({ notCarried }) => notCarried),
    ],
    accounts: roles.length,
  };
}

interface Copied {
  readonly report: CopiedDatabase;
  readonly notCarried: readonly string[];
}

async function copyDatabase(
  copy: VerifiedCopy,
  database: string,
  settings: string,
  signal: AbortSignal,
): Promise<Copied> {
  const { programs, log } = copy;
  const started = performance.now();
  const [from, to] = [{ ...copy.from, database }, { ...copy.to, database }];
  const { undo, notCarried, versions } = await prepareBoth(from, to, signal);
  log.info(`copying database "${database}"`, { database });
  const pipe = pipeOf({ ...copy, from, to }, settings, (bytes) => log.progress({ what: database, bytes }));
  const bytes = await runPipe(pipe, signal).catch(async (error) => {
    if (!(error instanceof ProgramFailure)) throw error;
    const object = await objectOf(error, from, signal).catch(() => undefined);
    throw failureOf(error, programs, `copy database "${database}"`, object);
  });

  await using source = await open(from, undefined, signal);
  await using target = await open(to, undefined, signal);
  const where = `database "${database}"`;
  // A dump has no statistics: a server restored from the snapshot would plan by guesses until autovacuum gets to each table.
  await target.scan(sql`ANALYZE`);
  // While the master user may still read every table.
  const [contents, copied] = pair(await Promise.all([source, target].map(readContents)));
  for (const step of undo.toReversed()) for (const session of [source, target]) await session.run(step);
  const others = (all: Definitions): Definitions =>
    new Map([...all].filter(([object]) => !versions.some((name) => object === `extension ${name}`)));
  const definitions = await Promise.all(
    [source, target].map(async (side) => others(await readDatabaseDefinitions(side))),
  );
  compareDefinitions(where, ...pair(definitions));
  compareDefinitions(where, contents.sequences, copied.sequences);
  const rows = compareCounts(where, contents.rows, copied.rows);
  const lost = [...contents.extensionRows].filter(([table, rows]) => rows > (copied.extensionRows.get(table) ?? 0));
  const seconds = (performance.now() - started) / 1000;
  log.info(`copied database "${database}": ${contents.rows.size} tables, ${rows} rows, ${bytes} bytes`, {
    database,
    rows,
    bytes,
    seconds,
  });
  return {
    report: { database, tables: contents.rows.size, rows, bytes, seconds },
    notCarried: [...notCarried, ...lost.map(([table]) => `${where}: rows of the table "${table}" of an extension`)],
  };
}

function pair<T>([one, other]: readonly T[]): readonly [T, T] {
  if (one === undefined || other === undefined) throw new TypeError("Cannot compare: there are no two sides");
  return [one, other];
}

/** What has to be done before a dump. The steps undo what would be dumped as if it were production's. */
async function prepareBoth(
  from: Target,
  to: Target,
  signal: AbortSignal,
): Promise<
  { readonly undo: readonly Step[]; readonly notCarried: readonly string[]; readonly versions: readonly string[] }
> {
  await using source = await open(from, undefined, signal);
  await using target = await open(to, undefined, signal);
  await refuseForeignGrants(source);
  const notCarried = [...await listUncarried(source), ...await dropEventTriggers(source)];
  const undo = await prepare(source, "database");
  const versions = await carryExtensions(source, target);
  return {
    undo,
    notCarried: [
      ...notCarried,
      ...versions.map((name) =>
        `database "${source.database}": the version of the extension "${name}", which is newer now`
      ),
    ],
    versions,
  };
}

/** What makes loading quick and keeps settings of a database or role out. Memory and workers: as sessions of ours, see session.ts. */
async function readLoadSettings(target: Session): Promise<string> {
  const [row] = await target.query(sql`SELECT current_setting('maintenance_work_mem') AS memory,
    current_setting('max_parallel_maintenance_workers') AS workers`);
  return [
    `maintenance_work_mem=${row?.["memory"]}`,
    `max_parallel_maintenance_workers=${row?.["workers"]}`,
    "synchronous_commit=off",
    "default_transaction_read_only=off",
  ].map((setting) => `-c ${setting}`).join(" ");
}

function pipeOf({ from, to, programs, caFiles }: VerifiedCopy, settings: string, onBytes: Pipe["onBytes"]): Pipe {
  return {
    dump: {
      program: programs.dump,
      // What is left out here is told in the report: see obstacles.ts.
      args: [
        ...["--no-password", "--format=custom", "--compress=0"],
        ...["--no-subscriptions", "--no-publications", "--no-security-labels", "--exclude-table-data=cron.*"],
        `--dbname=${connectionString(from)}`,
      ],
      env: postgresqlLogin(from, caFiles.from),
      stdin: "",
    },
    load: {
      program: programs.load,
      // Without a name of a database it would print a script.
      args: ["--no-password", "--exit-on-error", "--no-tablespaces", `--dbname=${connectionString(to)}`],
      env: { ...postgresqlLogin(to, caFiles.to), PGOPTIONS: settings },
    },
    onBytes,
  };
}

/**
 * A name with an equals sign would be taken for a connection string, so it is one. A server that is gone is noticed within two minutes
 * instead of hours.
 */
function connectionString({ database = "" }: Target): string {
  const name = database.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return `dbname='${name}' keepalives_idle=60 keepalives_interval=10 keepalives_count=6`;
}

/**
 * What a program was at when it failed, by the catalogue: pg_restore tells the numbers of what it restores before the server's message, and
 * both the table whose rows they copy. A name that the catalogue does not have is not told.
 */
async function objectOf({ complaint }: ProgramFailure, from: Target, signal: AbortSignal): Promise<string | undefined> {
  const [, catalogue, oid] = /^[^]*?from TOC entry \d+; (\d+) (\d+) /.exec(complaint) ?? [];
  const [, table] =
    /(?:contents of table "|COPY failed for table "|permission denied for table )([^\s"]+)/.exec(complaint) ?? [];
  await using source = await open(from, undefined, signal);
  const [row] = oid !== undefined
    ? await source.query(
      sql`SELECT pg_describe_object((CASE ${Number(catalogue)} WHEN 0 THEN 'pg_class'::regclass::oid::int8
        ELSE ${Number(catalogue)} END)::oid, ${Number(oid)}::oid, 0) AS name`,
    )
    : table !== undefined
    ? await source.query(
      sql`SELECT pg_describe_object('pg_class'::regclass, oid, 0) AS name FROM pg_class
      WHERE relname = ${textLiteral(table)} LIMIT 1`,
    )
    : [];
  return typeof row?.["name"] === "string" ? row["name"] : undefined;
}

/** Copies a MySQL server: accounts, tables by many streams of mysqldump and mysql, then what refers to tables of all databases. @module */

import type { Session } from "../../engine/engine.ts";
import { Name, trusted } from "../../engine/sql.ts";
import { mysqlDumpOptions } from "../../export/dump.ts";
import { mysqlLogin, quoted } from "../../export/login.ts";
import { open } from "../../mysql/session/session.ts";
import { sql } from "../../mysql/sql/literals.ts";
import type { CopiedServer, VerifiedCopy } from "../copied_server.ts";
import { compareCounts, compareDefinitions, type Definitions } from "../definitions.ts";
import { failureOf } from "../failure.ts";
import { inStreams } from "../streams.ts";
import { ProgramFailure, runPipe } from "../pipe.ts";
import {
  type Account,
  called as calledAccount,
  createAccount,
  give,
  type Grant,
  readAccountDefinitions,
  readAccounts,
  readGrants,
  readMissingDefiners,
  readRoles,
} from "./accounts.ts";
import { dropIndexes, readReferenced } from "./late_indexes.ts";
import { called, countRows, type FoundObject, listOf, readObjectDefinitions, readObjects } from "./database_objects.ts";

/** See copyServer(). */
export async function copyMysql(copy: VerifiedCopy, signal: AbortSignal): Promise<CopiedServer> {
  const { from, to, databases, log } = copy;
  await using source = await open(from, undefined, signal);
  await using target = await open(to, undefined, signal);
  const objects = await readObjects(source, databases);
  const accounts = await readAccounts(source);
  const definers = await readMissingDefiners(source, listOf(databases));
  // First of all: a newer server creates nothing for a definer that does not exist.
  const created = await createAccounts(target, [...accounts, ...definers]);
  log.info(`created ${created} ${created === 1 ? "account" : "accounts"} on the new instance`);
  for (const database of databases) await createDatabase(source, target, database);

  const invalid = objects.filter(({ kind, isDoubtful }) => kind === "VIEW" && isDoubtful);
  const streams = await runStreams(copy, objects, await readReferenced(source), signal);
  for (const call of programCalls(databases, objects)) streams.push(await stream(copy, call, signal));
  const grants = await readGrants(source, accounts);
  // The privileges of a view's definer count when another one that reads it is made; those on views have to wait.
  const first = await give(target, grants);
  const views = viewCall(databases, objects);
  if (views) streams.push(await stream(copy, views, signal));
  const second = await give(target, first.early);
  for (const statement of await readRoles(source)) await target.query(statement);

  const refused = [...first.refused, ...second.refused, ...second.early];
  const gone = await compareAll(copy, source, target, refused, invalid, definers);
  const rows = await compareRows(source, target, databases, objects);
  return {
    databases: databases.map((database) => {
      const own = streams.filter((one) => one.database === database);
      return {
        database,
        tables: objects.filter((one) => one.kind === "TABLE" && one.database === database).length,
        rows: rows.get(database) ?? 0,
        bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
        seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
      };
    }),
    notCarried: [
      ...(accounts.length === 0
        ? []
        : [`the passwords of ${accounts.length} ${accounts.length === 1 ? "account" : "accounts"}, which are locked`]),
      ...definers.map((one) =>
        `the definer ${calledAccount(one)}, who did not exist, is a locked account without privileges`
      ),
      ...new Set(
        refused.map(({ account }) => `some privileges of ${calledAccount(account)}: the master user may not give them`),
      ),
      ...invalid.map((one) => `the ${called(one)}, which names what does not exist`),
      ...gone.map((name) => `the ${name}, whose only time is over`),
    ],
    accounts: created,
  };
}

async function createAccounts(target: Session, accounts: readonly Account[]): Promise<number> {
  const there = new Set((await target.query(sql`SELECT user AS user, host AS host FROM mysql.user`))
    .map(({ user, host }) => JSON.stringify([user, host])));
  const missing = accounts.filter(({ user, host }) => !there.has(JSON.stringify([user, host])));
  for (const account of missing) await createAccount(target, account);
  return missing.length;
}

async function createDatabase(source: Session, target: Session, database: string): Promise<void> {
  const [row] = await source.query(sql`SHOW CREATE DATABASE ${new Name(database)}`);
  await target.run({ label: `create database ${database}`, sql: trusted(String(row?.["Create Database"])) });
}

/** What one run of both programs copies. */
interface StreamCall {
  /** For messages and progress. */
  readonly what: string;
  readonly database: string | undefined;
  /** Tables in the order in which they are created. */
  readonly tables: readonly string[];
  readonly args: readonly string[];
  /** Lines for the option file of mysqldump. */
  readonly options?: string;
}

interface Streamed {
  readonly database: string | undefined;
  readonly bytes: number;
  readonly seconds: number;
}

/** A table of so many bytes is copied by itself, and its indexes are built afterwards. */
const largeTable = 4 * 1024 * 1024;
/** Bytes, and tables, that are copied together: names of tables are arguments. */
const groupBytes = 64 * 1024 * 1024;
const mostTables = 200;

async function runStreams(
  copy: VerifiedCopy,
  objects: readonly FoundObject[],
  referenced: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Streamed[]> {
  const tables = objects.filter(({ kind }) => kind === "TABLE");
  const large = tables.filter(({ bytes }) => bytes >= largeTable);
  // The largest first, so that none of them is the last one to end.
  const groups = [
    ...large.toSorted((one, other) => other.bytes - one.bytes).map((table) => [table]),
    ...groupsOf(tables.filter((table) => !large.includes(table))),
  ];
  const streams = await inStreams(groups, copy.jobs, signal, async (group, signal) => {
    const [table] = group;
    return table && large.includes(table)
      ? await copyLarge(copy, table, referenced.has(JSON.stringify([table.database, table.name])), signal)
      : [await stream(copy, tableCall(group, []), signal)];
  });
  return streams.flat();
}

function groupsOf(tables: readonly FoundObject[]): readonly (readonly FoundObject[])[] {
  const groups: { bytes: number; tables: FoundObject[] }[] = [];
  for (const table of tables) {
    const last = groups.at(-1);
    const fits = last && last.tables[0]?.database === table.database && last.tables.length < mostTables &&
      last.bytes + table.bytes <= groupBytes;
    if (fits) {
      last.bytes += table.bytes;
      last.tables.push(table);
    } else groups.push({ bytes: table.bytes, tables: [table] });
  }
  return groups.map(({ tables }) => tables);
}

function tableCall(tables: readonly FoundObject[], options: readonly string[]): StreamCall {
  const [{ database, name } = { database: "", name: "" }] = tables;
  const names = tables.map(({ name }) => name);
  return {
    what: tables.length === 1 ? `table "${database}.${name}"` : `${tables.length} tables of database "${database}"`,
    database,
    tables: names,
    args: [...options, "--skip-triggers", "--", database, ...names],
  };
}

async function copyLarge(
  copy: VerifiedCopy,
  table: FoundObject,
  isReferenced: boolean,
  signal: AbortSignal,
): Promise<readonly Streamed[]> {
  const { database, name } = table;
  if (isReferenced) return [await stream(copy, tableCall([table], []), signal)];
  const definition = await stream(copy, tableCall([table], ["--no-data"]), signal);
  const indexes = await withTarget(copy, signal, (target) => dropIndexes(target, database, name));
  const rows = await stream(copy, tableCall([table], ["--no-create-info"]), signal);
  if (indexes === undefined) return [definition, rows];
  const started = performance.now();
  const label = `build ${indexes.count} ${indexes.count === 1 ? "index" : "indexes"} of table "${database}.${name}"`;
  await withTarget(copy, signal, (target) => target.run({ label, sql: indexes.statement }));
  const seconds = (performance.now() - started) / 1000;
  copy.log.info(label.replace("build", "built"), { seconds });
  return [definition, rows, { database, bytes: 0, seconds }];
}

async function withTarget<T>(
  { to }: VerifiedCopy,
  signal: AbortSignal,
  work: (target: Session) => Promise<T>,
): Promise<T> {
  await using target = await open(to, undefined, signal);
  return await work(target);
}

/** What runs by itself: triggers would fire for every row otherwise. */
function programCalls(databases: readonly string[], objects: readonly FoundObject[]): readonly StreamCall[] {
  const kinds: readonly FoundObject["kind"][] = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT"];
  return databases.filter((database) => objects.some((one) => one.database === database && kinds.includes(one.kind)))
    .map((database): StreamCall => ({
      what: `triggers, routines and events of database "${database}"`,
      database,
      tables: [],
      args: ["--no-create-info", "--no-data", "--triggers", "--routines", "--events", "--", database],
      options: ignoring(
        objects.filter((one) => one.database === database && one.kind === "VIEW"),
      ),
    }));
}

/** All views at once: mysqldump creates stand-ins first, so that they may refer to each other in any order, and across databases. */
function viewCall(databases: readonly string[], objects: readonly FoundObject[]): StreamCall | undefined {
  const views = objects.filter(({ kind, isDoubtful }) => kind === "VIEW" && !isDoubtful);
  if (views.length === 0) return undefined;
  const others = objects.filter(({ kind, isDoubtful }) => kind === "TABLE" || kind === "VIEW" && isDoubtful);
  return {
    what: "views",
    database: undefined,
    tables: [],
    args: ["--no-create-db", "--no-data", "--skip-triggers", "--databases", "--", ...databases],
    options: ignoring(others),
  };
}

/** For an option file: tables and views to leave out. mysqldump would fail at a view that names what does not exist. */
function ignoring(objects: readonly FoundObject[]): string {
  return `[mysqldump]\n${
    objects.map(({ database, name }) => `ignore-table=${quoted(`${database}.${name}`)}\n`).join("")
  }`;
}

async function stream(copy: VerifiedCopy, call: StreamCall, signal: AbortSignal): Promise<Streamed> {
  const { from, to, programs, caFiles, log } = copy;
  const started = performance.now();
  const pipe = {
    dump: {
      program: programs.dump,
      // Compact: without statements that would take back what the loading session sets.
      args: [...mysqlDumpOptions, "--compact", `--max-allowed-packet=${longestPacket}`, ...call.args],
      env: {},
      stdin: `${mysqlLogin(from, caFiles.from)}${call.options ?? ""}`,
    },
    load: {
      program: programs.load,
      args: [
        "--no-defaults",
        // Nothing in the stream is a command to the program itself, which could start others.
        "--binary-mode",
        "--default-character-set=utf8mb4",
        `--init-command=${loadSettings}`,
        `--max-allowed-packet=${longestPacket}`,
        ...["--protocol=TCP", `--host=${to.host}`, `--port=${to.port}`, `--user=${to.user}`],
        ...["--ssl-mode=VERIFY_IDENTITY", `--ssl-ca=${caFiles.to}`],
        ...(call.database === undefined ? [] : [`--database=${call.database}`]),
      ],
      // Its stdin is the dump.
      env: { MYSQL_PWD: to.password },
    },
    onBytes: (bytes: number) => log.progress({ what: call.what, bytes }),
  };
  const bytes = await runPipe(pipe, signal).catch(async (error) => {
    if (!(error instanceof ProgramFailure)) throw error;
    throw failureOf(
      error,
      programs,
      `copy ${call.what}`,
      await objectOf(error, copy, call, signal).catch(() => undefined),
    );
  });
  const seconds = (performance.now() - started) / 1000;
  log.info(`copied ${call.what}: ${bytes} bytes`, { bytes, seconds });
  return { database: call.database, bytes, seconds };
}

/**
 * Strict, which mysqldump's own settings are not: a date that they do not allow, such as 31 February, would become zero without a word. Other
 * streams create tables that refer to these or are referred to.
 */
const loadSettings = `SET SESSION sql_mode = '${
  ["STRICT_ALL_TABLES", "NO_AUTO_VALUE_ON_ZERO", "ALLOW_INVALID_DATES", "NO_ENGINE_SUBSTITUTION"].join()
}', time_zone = '+00:00', foreign_key_checks = 0, unique_checks = 0`;

/** The server's own limit is the one that counts. */
const longestPacket = "1G";

/** The table at which a program failed: mysqldump names it, and mysql has created those before it. */
async function objectOf(
  { complaint, which }: ProgramFailure,
  { to }: VerifiedCopy,
  { database, tables }: StreamCall,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (database === undefined || tables.length === 0) return undefined;
  const name = (table: string | undefined) => table === undefined ? undefined : `table ${database}.${table}`;
  if (which === "dump") return name(tables.find((table) => complaint.includes(`\`${table}\``)));
  await using target = await open(to, undefined, signal);
  const there = new Set((await readObjects(target, [database])).map(({ name }) => name));
  return name(tables.findLast((table) => there.has(table)));
}

/** @returns events that the new server did not create, because their only time is over. */
async function compareAll(
  { databases }: VerifiedCopy,
  source: Session,
  target: Session,
  refused: readonly Grant[],
  invalid: readonly FoundObject[],
  definers: readonly Account[],
): Promise<readonly string[]> {
  const before = await readObjects(source, databases);
  const after = await readObjects(target, databases);
  const there = new Set(after.map(called));
  const gone = before.filter((one) => one.kind === "EVENT" && one.isDoubtful && !there.has(called(one))).map(called);
  const left = new Set([...gone, ...invalid.map(called)]);
  const kept = before.filter((one) => !left.has(called(one)));
  compareDefinitions(
    "its server",
    await readObjectDefinitions(source, databases, kept),
    await readObjectDefinitions(target, databases, after),
  );
  const extra = new Set(definers.map((one) => `account ${calledAccount(one)}`));
  const without = (all: Definitions): Definitions => new Map([...all].filter(([name]) => !extra.has(name)));
  compareDefinitions(
    "its server",
    without(await readAccountDefinitions(source, refused)),
    without(await readAccountDefinitions(target, refused)),
  );
  return gone;
}

/** @returns how many rows each database has. */
async function compareRows(
  source: Session,
  target: Session,
  databases: readonly string[],
  objects: readonly FoundObject[],
): Promise<ReadonlyMap<string, number>> {
  const rows = new Map<string, number>();
  for (const database of databases) {
    const tables = objects.filter((one) => one.kind === "TABLE" && one.database === database);
    const [before, after] = await Promise.all([countRows(source, tables), countRows(target, tables)]);
    rows.set(database, compareCounts(`database "${database}"`, before, after));
  }
  return rows;
}

/** The matrix of SQL statements: every statement of a run fails on the real server, or loses its connection. @module */

import type { Engine, Session, Target } from "../../lib/engine/engine.ts";
import type { Sql } from "../../lib/engine/sql.ts";
import { mysql } from "../../lib/mysql/mod.ts";
import { postgresql } from "../../lib/postgresql/mod.ts";
import type { LocalRds } from "../local_rds/local_rds.ts";
import { saidBy } from "./calls.ts";
import { type Case, runCase } from "./cases.ts";
import { mark } from "./shapes.ts";
import { runOnce } from "./stage.ts";
import type { EngineName } from "../../lib/core/engine_name.ts";

/** What can become of a statement: the server refuses it; its connection is ended before it, or right after it. */
export const statementFaults = ["error", "connection lost before", "connection lost after"] as const;

type StatementFault = (typeof statementFaults)[number];

const real: Readonly<Record<EngineName, Engine>> = { postgresql, mysql };

/** A statement that a run repeats, but for its numbers, such as those by which a purge waits for the server, counts so often. */
const mostAlike = 3;

/** One case: the `nth` statement fails. Undefined where a run has fewer. */
export async function statementCase(
  rds: LocalRds,
  engine: EngineName,
  nth: number,
  what: StatementFault,
): Promise<Case | undefined> {
  const breaking = breakStatement(rds, real[engine], nth, what);
  let leaked: string | undefined;
  const found = await runCase(rds, "statements", what, {
    async faulty() {
      const ended = await runOnce(rds, engine, { engines: { ...real, [engine]: breaking.engine } });
      const text = [...ended.log, JSON.stringify(ended.failure ?? {}), JSON.stringify(ended.report)];
      leaked = text.find((line) => line.toLowerCase().includes(mark));
      return saidBy(ended);
    },
    at: () => breaking.reached() && `${nth} ${breaking.reached()}`,
    healthy: async () => saidBy(await runOnce(rds, engine)),
  });
  return found && leaked !== undefined ? { ...found, bad: `${found.bad ?? ""} a value in "${leaked}"` } : found;
}

/** Every so many statements, beginning with one: the whole can be divided between processes. */
export interface Part {
  readonly first: number;
  readonly every: number;
}

/** All cases of a part: every fault at statement n, for every n, until a run gets through. */
export async function* statementCases(
  rds: LocalRds,
  engine: EngineName,
  { first, every }: Part,
): AsyncGenerator<Case> {
  for (const what of statementFaults) {
    for (let nth = first;; nth += every) {
      const found = await statementCase(rds, engine, nth, what);
      if (!found) break;
      yield found;
    }
  }
}

/** An engine whose `nth` call of its server goes wrong, by the server's own doing. */
function breakStatement(
  rds: LocalRds,
  engine: Engine,
  nth: number,
  what: StatementFault,
): { readonly engine: Engine; reached(): string | undefined } {
  let count = 0;
  let reached: string | undefined;
  const alike = new Map<string, number>();
  const wrongly = (target: Target): Target => ({ ...target, password: `${target.password}0` });

  function isTurn(label: string, text = ""): boolean {
    const shape = `${label} ${text.replaceAll(/\d+/g, "0")}`;
    const times = (alike.get(shape) ?? 0) + 1;
    alike.set(shape, times);
    if (times > mostAlike || ++count !== nth) return false;
    reached = label;
    return true;
  }

  async function end(backend: string): Promise<void> {
    const server = rds.instances().find(({ production }) => !production)?.server;
    await server?.run(engine.name === "mysql" ? `KILL ${backend}` : `SELECT pg_terminate_backend(${backend})`);
  }

  function wrap(session: Session, backend: string): Session {
    async function at<T>(label: string, sql: Sql, send: (sql: Sql) => Promise<T>): Promise<T> {
      if (!isTurn(label, sql.text)) return await send(sql);
      if (what === "error") return await send(engine.expressions.sql`SELECT nothing_of_this_name`);
      if (what === "connection lost before") await end(backend);
      const reply = await send(sql);
      if (what === "connection lost after") await end(backend);
      return reply;
    }
    return {
      database: session.database,
      query: (sql) => at("query", sql, (sql) => session.query(sql)),
      scan: (sql) => at("scan", sql, (sql) => session.scan(sql)),
      run: (step) => at(step.label, step.sql, (sql) => session.run({ ...step, sql })),
      [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
    };
  }

  const { sql } = engine.expressions;
  const broken: Engine = {
    ...engine,
    login: (target, signal) => engine.login(isTurn("login") ? wrongly(target) : target, signal),
    listDatabases: (session, target, signal) =>
      engine.listDatabases(session, isTurn("databases") ? wrongly(target) : target, signal),
    async open(target, key, signal) {
      const session = await engine.open(isTurn("open") ? wrongly(target) : target, key, signal);
      const [row] = await session.query(
        engine.name === "mysql" ? sql`SELECT CONNECTION_ID() AS id` : sql`SELECT pg_catalog.pg_backend_pid() AS id`,
      );
      return wrap(session, String(row?.["id"]));
    },
  };
  return { engine: broken, reached: () => reached };
}

/** A server, a network or a reply that is gone without a word is noticed, however long the statement may run. @module */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Session, Target } from "../../lib/engine/engine.ts";
import { trusted } from "../../lib/engine/sql.ts";
import {
  type LivenessTimeouts,
  livenessTimeouts,
  type Loss,
  lostStatement,
  watchLiveness,
} from "../../lib/engine/liveness.ts";
import { defaultLimits as mysqlLimits } from "../../lib/mysql/session/connection.ts";
import { open as openMysql } from "../../lib/mysql/session/session.ts";
import { defaultLimits as postgresqlLimits } from "../../lib/postgresql/session/connection.ts";
import { open as openPostgresql } from "../../lib/postgresql/session/session.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { engineNames, never, serverOf, targetOf, testKey } from "../scrub/scrub_fixture.ts";
import type { TestServer } from "../servers.ts";
import { startProxy } from "./proxy.ts";
import type { EngineName } from "../../lib/core/engine_name.ts";

const servers: Readonly<Record<EngineName, TestServer>> = {
  postgresql: await serverOf("postgresql"),
  mysql: await serverOf("mysql"),
};
Deno.test.afterAll(async () => {
  for (const server of Object.values(servers)) await server.stop("now");
});

/** Looks often, and gives up soon: a loaded machine may only give up sooner. */
const impatient: LivenessTimeouts = { every: 20, look: 1000, misses: 2 };
/** Looks all the time, and each may take as long as it likes. */
const strict: LivenessTimeouts = { every: 1, look: 60_000, misses: 3 };

function open(engine: EngineName, target: Target, liveness: LivenessTimeouts): Promise<Session> {
  return engine === "mysql"
    ? openMysql(target, testKey(), never, { ...mysqlLimits, liveness })
    : openPostgresql(target, testKey(), never, { ...postgresqlLimits, liveness });
}

/** Databases that are there anyway, and what a session does that waits for a lock of `hold`. */
const sqlOf = {
  postgresql: {
    database: "postgres",
    wait: "SELECT pg_catalog.pg_advisory_xact_lock(1) IS NULL AS got",
    hold: "SELECT pg_advisory_lock(1); SELECT pg_sleep(600)",
    held: "SELECT pid AS id FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(600)'",
    waiting: "SELECT pid AS id FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'advisory'",
    end: (id: unknown) => `SELECT pg_cancel_backend(${id})`,
  },
  mysql: {
    database: "mysql",
    wait: "SELECT GET_LOCK('held by the test', 600) AS got",
    hold: "SELECT GET_LOCK('held by the test', 0); SELECT SLEEP(600)",
    held: "SELECT id FROM information_schema.processlist WHERE state = 'User sleep'",
    waiting: "SELECT id FROM information_schema.processlist WHERE state = 'User lock'",
    end: (id: unknown) => `KILL QUERY ${id}`,
  },
} as const;

async function untilFound(server: TestServer, question: string): Promise<unknown> {
  while (true) {
    const [row] = await server.run(question);
    if (row) return row["id"];
  }
}

/** Holds the lock that `wait` waits for, until it is disposed. */
async function holdLock(engine: EngineName): Promise<AsyncDisposable> {
  const [server, { hold, held, end }] = [servers[engine], sqlOf[engine]];
  const holding = server.run(hold).catch(() => {}); // the end of it is an error, or not
  const id = await untilFound(server, held);
  return {
    async [Symbol.asyncDispose]() {
      await server.run(end(id));
      await holding;
    },
  };
}

for (const engine of engineNames) {
  const { database, wait, waiting } = sqlOf[engine];
  const here = (): Target => targetOf(servers[engine], database);

  Deno.test(`${engine}: a network that carries nothing any more is noticed in the middle of a statement`, async () => {
    await using lock = await holdLock(engine);
    await using proxy = startProxy(servers[engine].port);
    await using session = await open(engine, { ...here(), port: proxy.port }, impatient);
    const running = session.scan(trusted(wait));
    running.catch(() => {});
    await untilFound(servers[engine], waiting);
    proxy.freezeAll();
    const error = await assertRejects(() => running, ScrubError);
    assertEquals(error.message, lostStatement(`read in database "${database}"`, "no answer").message);
    await assertRejects(() => session.scan(trusted("SELECT 1")), ScrubError, "lost");
    assert(lock);
  });

  Deno.test(`${engine}: a reply that does not come is noticed when the server has ended the statement`, async () => {
    const lock = await holdLock(engine);
    await using proxy = startProxy(servers[engine].port);
    await using session = await open(engine, { ...here(), port: proxy.port }, { ...impatient, look: 60_000 });
    const running = session.run({ label: "wait for a lock", sql: trusted(wait) });
    running.catch(() => {});
    await untilFound(servers[engine], waiting);
    proxy.freeze();
    await lock[Symbol.asyncDispose]();
    const error = await assertRejects(() => running, ScrubError);
    assertEquals(error.message, lostStatement(`wait for a lock in database "${database}"`, "not running").message);
  });

  Deno.test(`${engine}: a server that is stopped is noticed in the middle of a statement`, async () => {
    await using server = await serverOf(engine);
    await using session = await open(engine, targetOf(server, database), impatient);
    const running = session.scan(trusted(engine === "mysql" ? "SELECT SLEEP(600)" : "SELECT pg_catalog.pg_sleep(600)"));
    running.catch(() => {});
    const asleep = engine === "mysql"
      ? "SELECT id FROM information_schema.processlist WHERE state = 'User sleep'"
      : "SELECT pid AS id FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    const backend = await untilFound(server, asleep);
    const pids = engine === "mysql" ? [server.pid] : [server.pid, Number(backend)];
    for (const pid of pids) Deno.kill(pid, "SIGSTOP");
    try {
      const error = await assertRejects(() => running, ScrubError);
      assertEquals(error.message, lostStatement(`read in database "${database}"`, "no answer").message);
    } finally {
      for (const pid of pids) Deno.kill(pid, "SIGCONT");
    }
  });

  Deno.test(`${engine}: a statement that runs long is left alone, however often one looks`, async () => {
    const lock = await holdLock(engine);
    await using proxy = startProxy(servers[engine].port);
    await using session = await open(engine, { ...here(), port: proxy.port }, strict);
    const before = proxy.connections();
    const running = session.scan(trusted(wait));
    const looked = (async () => {
      while (proxy.connections() < before + 8) await untilFound(servers[engine], waiting);
    })();
    await Promise.race([looked, running]);
    await lock[Symbol.asyncDispose]();
    assertEquals((await running).length, 1);
  });
}

Deno.test("the program notices a server that is gone in less than two minutes", () => {
  const inAll = ({ every, look, misses }: LivenessTimeouts) => misses * (every + look);
  const longest = {
    postgresql: Math.max(inAll(postgresqlLimits.liveness), postgresqlLimits.short + postgresqlLimits.grace),
    // To stop a statement takes a connection, an answer and the statement's end.
    mysql: Math.max(inAll(mysqlLimits.liveness), mysqlLimits.short + 3 * mysqlLimits.end),
  };
  assertEquals([postgresqlLimits.liveness, mysqlLimits.liveness], [livenessTimeouts, livenessTimeouts]);
  for (const milliseconds of Object.values(longest)) assert(milliseconds < 120_000, String(milliseconds));
});

for (
  const { what, seen, loss } of [
    { what: "enough looks in vain, in a row", seen: ["no answer", "no answer"], loss: "no answer" },
    {
      what: "a look in vain after another, with what the last one found",
      seen: ["no answer", "not running"],
      loss: "not running",
    },
    {
      what: "looks in vain, but not those before a good one",
      seen: ["no answer", "running", "not running", "not running"],
      loss: "not running",
    },
    { what: "looks that throw", seen: ["throws", "throws"], loss: "no answer" },
    { what: "looks that never end", seen: ["hangs", "hangs"], loss: "no answer" },
  ] as const
) {
  Deno.test(`watchLiveness() goes by ${what}`, async () => {
    const left: ("running" | Loss | "throws" | "hangs")[] = [...seen];
    const { promise, resolve } = Promise.withResolvers<Loss>();
    await using _liveness = watchLiveness(
      (signal) => {
        const next = left.shift() ?? "running";
        if (next === "throws") throw new TypeError("planted");
        if (next !== "hangs") return Promise.resolve(next);
        const { promise, reject } = Promise.withResolvers<never>();
        signal.addEventListener("abort", () => reject(signal.reason));
        return promise;
      },
      { every: 1, look: 5, misses: 2 },
      resolve,
    );
    assertEquals([await promise, left.length], [loss, 0]);
  });
}

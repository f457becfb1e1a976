/** Dumps of real servers: restored again they are the same; half a dump is never a whole one. @module */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { compressed } from "../../lib/export/export.ts";
import { type Dump, dumpStream } from "../../lib/export/dump.ts";
import { objectKey } from "../../lib/export/export.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { standIn } from "../notify/stand_in.ts";
import { mysql, postgresql, type TestServer } from "../servers.ts";
import type { EngineName } from "../../lib/core/engine_name.ts";

const tools = new URL("../../.tools/", import.meta.url).pathname;
const programs = {
  postgresql: { dump: `${tools}postgresql-client/pg_dump`, load: `${tools}postgresql-client/psql` },
  mysql: { dump: `${tools}mysql/mysqldump`, load: `${tools}mysql/mysql` },
} as const;
const never = new AbortController().signal;
const database = 'odd "name`s';

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

const schemas: Readonly<Record<EngineName, readonly string[]>> = {
  postgresql: [
    `CREATE TABLE people (id serial PRIMARY KEY, name text, data jsonb, raw bytea, day timestamptz, tags text[])`,
    `INSERT INTO people (name, data, raw, day, tags) VALUES ('Zoë 🎉', '{"a": [1, null]}', '\\x00ff0a', '2026-11-24 03:00Z',
      '{a,"b c"}'), (NULL, NULL, NULL, NULL, NULL), ('tab	and \\ and '' and ;', '[]', '', '-infinity', '{}')`,
    `CREATE VIEW named AS SELECT name FROM people WHERE name IS NOT NULL`,
  ],
  mysql: [
    `CREATE TABLE people (id int AUTO_INCREMENT PRIMARY KEY, name text, data json, raw blob, day datetime(6), odd bit(3))`,
    `INSERT INTO people (name, data, raw, day, odd) VALUES ('Zoë 🎉', '{"a": [1, null]}', x'00ff0a', '2026-11-24 03:00', b'101'),
      (NULL, NULL, NULL, NULL, NULL), ('tab	and \\\\ and '' and ;', '[]', '', '1000-01-01', b'0')`,
    "CREATE DEFINER = master@'%' VIEW named AS SELECT name FROM people WHERE name IS NOT NULL",
  ],
};
const fingerprints: Readonly<Record<EngineName, string>> = {
  postgresql:
    `SELECT string_agg(people::text, '|' ORDER BY id) AS all, (SELECT count(*) FROM named)::int AS named FROM people`,
  mysql: `SELECT group_concat(concat_ws(',', id, coalesce(name, '-'), coalesce(data, '-'), coalesce(hex(raw), '-'),
    coalesce(day, '-'), coalesce(bin(odd), '-')) ORDER BY id SEPARATOR '|') AS \`all\`, (SELECT count(*) FROM named) AS named FROM people`,
};

for (const engine of ["postgresql", "mysql"] as const) {
  const left = await isThere(programs[engine].dump) ? "" : " (left out: its programs are not there)";
  Deno.test(`${engine}: dumps${left}`, async (t) => {
    if (left !== "") return;
    await using server = engine === "postgresql" ? await postgresql() : await mysql();
    const quote = (name: string) =>
      engine === "postgresql" ? `"${name.replaceAll('"', '""')}"` : `\`${name.replaceAll("`", "``")}\``;
    const owner = engine === "postgresql" ? ` OWNER ${server.master.user}` : "";
    await server.run(`CREATE DATABASE ${quote(database)}${owner}`);
    await server.run("CREATE DATABASE empty_one" + owner);
    for (const sql of schemas[engine]) await server.run(sql, database);
    if (engine === "postgresql") {
      await server.run("ALTER TABLE people OWNER TO master; ALTER VIEW named OWNER TO master", database);
    }
    const dump = dumpOf(engine, server);
    const before = await server.run(fingerprints[engine], database);

    for (const compression of ["gzip", "zstd"] as const) {
      await t.step(`restored from ${compression} it is the same`, async () => {
        const bytes = await collect(compressed(dumpStream(dump, never), compression));
        assertEquals(bytes.subarray(0, 2).toHex(), compression === "gzip" ? "1f8b" : "28b5");
        await server.run(`DROP DATABASE IF EXISTS restored`);
        await server.run(`CREATE DATABASE restored${owner}`);
        await load(engine, server, compression, bytes);
        assertEquals(await server.run(fingerprints[engine], "restored"), before);
      });
    }

    await t.step("it holds no samples that the planner keeps of rows that are gone", async () => {
      const planted = "zplanted";
      await server.run(
        engine === "postgresql"
          ? `CREATE TABLE gone AS SELECT '${planted}' AS v FROM generate_series(1, 50); CREATE STATISTICS pair (mcv) ON v, (v || 'x') FROM gone;
            ANALYZE gone; TRUNCATE gone; ALTER TABLE gone OWNER TO master`
          : `CREATE TABLE gone (id int PRIMARY KEY, v varchar(20)); INSERT INTO gone VALUES (1, '${planted}'), (2, '${planted}');
            ANALYZE TABLE gone UPDATE HISTOGRAM ON v; DELETE FROM gone`,
        database,
      );
      const kept = engine === "postgresql"
        ? "SELECT count(*)::int AS n FROM pg_stats WHERE tablename = 'gone' AND most_common_vals IS NOT NULL"
        : "SELECT count(*) AS n FROM information_schema.column_statistics WHERE table_name = 'gone'";
      assert(Number((await server.run(kept, database))[0]?.["n"]) > 0, "the planner keeps nothing");
      const text = new TextDecoder().decode(await collect(dumpStream(dump, never)));
      assert(text.includes("gone"), "the table is not in the dump");
      assertEquals(text.includes(planted), false);
      await server.run("DROP TABLE gone", database);
    });

    await t.step("the password is on no command line", async () => {
      const stream = dumpStream(dump, never);
      const reader = stream.getReader();
      const first = reader.read();
      const lines = await commandLines();
      assertEquals(lines.filter((line) => line.includes(server.master.password)), []);
      await first;
      await reader.cancel();
    });

    await t.step("a wrong password fails the stream, and nothing is told of what the program says", async () => {
      const wrong = { ...dump, target: { ...dump.target, password: "another" } };
      const error = await assertRejects(() => collect(dumpStream(wrong, never)), ScrubError);
      assert(/^Cannot dump "odd "name`s": ".*" ended with status \d$/.test(error.message), error.message);
    });

    await t.step("another host's certificate is refused", async () => {
      const other = { ...dump, target: { ...dump.target, host: "127.0.0.1" } };
      await assertRejects(() => collect(dumpStream(other, never)), ScrubError);
    });

    await t.step("stopping kills the program", async () => {
      const stop = new AbortController();
      await using program = await standIn("echo begun; exec sleep 60");
      const reader = dumpStream({ ...dump, program: program.path }, stop.signal).getReader();
      await reader.read();
      const reason = new Error("stop");
      stop.abort(reason);
      await assertRejects(async () => {
        while (!(await reader.read()).done);
      });
    });
  });
}

Deno.test("a program that ends badly after half a dump fails the stream", async () => {
  await using program = await standIn("echo half; exit 3");
  const error = await assertRejects(() => collect(dumpStream(bare(program.path), never)), ScrubError);
  assertEquals(error.message, `Cannot dump "app": "${program.path}" ended with status 3`);
});

for (
  const [what, complaint, message] of [
    [
      "is older than the server",
      "pg_dump: error: aborting because of server version mismatch\npg_dump: detail: server version: 18.4; pg_dump version: 15.8",
      "the server is PostgreSQL 18.4, and",
    ],
    [
      "is MariaDB's",
      "mysqldump: unknown variable 'ssl-mode=VERIFY_IDENTITY'",
      "does not know an option that is needed",
    ],
  ] as const
) {
  Deno.test(`a program that ${what} is refused with the reason`, async () => {
    await using program = await standIn(`printf '%s' "${complaint}" >&2; exit 1`);
    const error = await assertRejects(() => collect(dumpStream(bare(program.path), never)), ScrubError);
    assert(error.message.includes(message), error.message);
  });
}

Deno.test("a missing program is named", async () => {
  const error = await assertRejects(() => collect(dumpStream(bare("/nowhere/pg_dump"), never)), ScrubError);
  assertEquals(error.message, 'Cannot dump "app": there is no program "/nowhere/pg_dump"');
});

for (
  const [prefix, format, key] of [
    ["", "sql.gz", "2026-11-24T03:04:05-app_production.sql.gz"],
    ["nightly/x", "sql.zst", "nightly/x/2026-11-24T03:04:05-app_production.sql.zst"],
    ["nightly", "custom", "nightly/2026-11-24T03:04:05-app_production.dump"],
  ] as const
) {
  Deno.test(`an object is called ${key}`, () => {
    assertEquals(objectKey({ prefix, format }, "app_production", new Date("2026-11-24T03:04:05.678Z")), key);
  });
}

function dumpOf(engine: EngineName, server: TestServer): Dump {
  const { host, port, ca, caFile, master } = server;
  const target = { host, port, ca, database, user: master.user, password: master.password };
  return { engine, target, format: "sql", program: programs[engine].dump, caFile };
}

function bare(program: string): Dump {
  const target = { host: "localhost", port: 1, ca: "", database: "app", user: "master", password: "x" };
  return { engine: "postgresql", target, format: "sql", program, caFile: "/dev/null" };
}

async function load(engine: EngineName, server: TestServer, compression: string, bytes: Uint8Array): Promise<void> {
  const sql = compression === "gzip"
    ? new Uint8Array(
      await new Response(new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream("gzip")))
        .arrayBuffer(),
    )
    : new Uint8Array((await import("node:zlib")).zstdDecompressSync(bytes));
  const { host, port, caFile, master } = server;
  const args = engine === "postgresql"
    ? [
      "--no-psqlrc",
      "-q",
      "-v",
      "ON_ERROR_STOP=1",
      `host=${host} port=${port} user=${master.user} dbname=restored sslmode=verify-full sslrootcert=${caFile}`,
    ]
    : [
      "--no-defaults",
      "-h",
      host,
      "-P",
      String(port),
      "--protocol=TCP",
      "-u",
      master.user,
      `--ssl-ca=${caFile}`,
      `-p${master.password}`,
      "restored",
    ];
  const child = new Deno.Command(programs[engine].load, {
    args,
    env: { PGPASSWORD: master.password },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(sql);
  await writer.close();
  const { success, stderr } = await child.output();
  assert(success, new TextDecoder().decode(stderr));
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return new Uint8Array(await new Blob(pieces.map((piece) => new Uint8Array(piece))).arrayBuffer());
}

async function commandLines(): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (/^\d+$/.test(name)) lines.push(await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => ""));
  }
  return lines;
}

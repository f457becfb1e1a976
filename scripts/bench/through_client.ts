/** What dump tools do: all rows leave the server, are changed on the way, and are loaded again. @module */

import type { EngineName } from "../../lib/core/engine_name.ts";
import type { Server } from "../local_rds/server.ts";
import type { BenchCase } from "./cases.ts";
import { mark } from "./marks.ts";

const tools = new URL("../../.tools/", import.meta.url).pathname;

/** The copy, until it takes the database's name. */
const copy = "bench_copy";

/** The cheapest filter that there is: one that knows the columns has to take every row apart. */
const filter = `LC_ALL=C sed s/${mark}/other/g`;

const pipelines: Readonly<Record<EngineName, (database: string) => string>> = {
  postgresql: (database) =>
    `${tools}postgresql-client/pg_dump --no-password ${database} | ${filter} |
      ${tools}postgresql-client/psql --no-password --no-psqlrc --quiet --set ON_ERROR_STOP=1 --output /dev/null ${copy}`,
  mysql: (database) =>
    `${tools}mysql/mysqldump --no-defaults --socket="$SOCKET" --user="$LOGIN" --single-transaction --quick \\
      --set-gtid-purged=OFF --column-statistics=0 ${database} | ${filter} |
      ${tools}mysql/mysql --no-defaults --socket="$SOCKET" --user="$LOGIN" ${copy}`,
};

/** The servers' own programs, one stream of each, as the superuser: it is spared everything else that a run does. */
export async function throughClient(
  { engine, database }: BenchCase,
  server: Server,
): Promise<{ readonly seconds: number; readonly client: number }> {
  const started = performance.now();
  await server.run(`CREATE DATABASE ${copy}`);
  const { user, socket } = server.superuser;
  const login = { PGHOST: socket, PGPORT: String(server.port), PGUSER: user, SOCKET: socket, LOGIN: user };
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    // `times` shows what the programs took in its second line.
    args: ["-c", `set -e -o pipefail; ${pipelines[engine](database)}\ntimes`],
    env: login,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (code !== 0) throw new Error(`Cannot load the dump: ${new TextDecoder().decode(stderr).slice(0, 1000)}`);
  await server.run(`DROP DATABASE ${database}`);
  if (engine === "postgresql") await server.run(`ALTER DATABASE ${copy} RENAME TO ${database}`);
  return { seconds: (performance.now() - started) / 1000, client: secondsOf(new TextDecoder().decode(stdout)) };
}

/** Of all programs of a shell, by its `times`. */
function secondsOf(times: string): number {
  const [, ended = ""] = times.trim().split("\n").slice(-2);
  return [...ended.matchAll(/(\d+)m([\d.]+)s/g)]
    .reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
}

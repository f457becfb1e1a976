/** The server's own tools that fill a new instance, and whether those of this machine fit the server. @module */

import type { EngineName } from "../core/engine_name.ts";
import { ScrubError } from "../core/errors.ts";
import { outputOf } from "../export/program.ts";

/** The server's own tools, on PATH or by their paths. */
export interface RebuildPrograms {
  /** pg_dump or mysqldump. */
  readonly dump: string;
  /** pg_restore or mysql. */
  readonly load: string;
}

/** What a person installs, and how programs elsewhere are named. */
const installHints: Readonly<Record<EngineName, string>> = {
  postgresql: "Install the client of the server's version (Debian: postgresql-client), or name it with --pg-dump and " +
    "--pg-restore.",
  mysql:
    "Install MySQL's client (Debian: mysql-client), not MariaDB's, or name it with --mysql-dump and --mysql-client.",
};

const engineTitles: Readonly<Record<EngineName, string>> = { postgresql: "PostgreSQL", mysql: "MySQL" };

/**
 * Checks that both programs start and fit the server. PostgreSQL: of its major version, since those of a newer one write what an older
 * server need not know, such as `SET transaction_timeout`. MySQL: of its series, such as 8.0, or a newer one. `serverVersion`: as RDS writes
 * it, such as `16.4` or `8.0.mysql_aurora.3.08.0`.
 *
 * @throws {ScrubError} `rebuild` for a program that is missing, of another make, or of an unfit version.
 */
export async function checkRebuildPrograms(
  engine: EngineName,
  serverVersion: string,
  programs: RebuildPrograms,
  signal: AbortSignal,
): Promise<void> {
  for (const program of [programs.dump, programs.load]) {
    const version = await versionOf(engine, program, signal);
    const difference = compareVersions(version, serverVersion, engine === "postgresql" ? 1 : 2);
    if (difference === 0 || engine === "mysql" && difference > 0) continue;
    throw unfit(
      engine,
      `"${program}" is version ${version}, and the server is ${engineTitles[engine]} ${serverVersion}`,
    );
  }
}

async function versionOf(engine: EngineName, program: string, signal: AbortSignal): Promise<string> {
  const call = { program, args: ["--version"], env: {}, stdin: "" };
  const output = outputOf(call, (code) => {
    const isMissing = code === 126 || code === 127;
    return unfit(engine, isMissing ? `there is no program "${program}"` : `"${program}" ended with status ${code}`);
  }, signal);
  const text = await new Response(output).text();
  const [, version] =
    (engine === "postgresql" ? /\(PostgreSQL\) (\d+(?:\.\d+)*)/ : /Ver (?:.*Distrib )?(\d+\.\d+\.\d+)/)
      .exec(text) ?? [];
  if (version === undefined || /MariaDB/i.test(text)) {
    throw unfit(engine, `"${program}" is not ${engineTitles[engine]}'s`);
  }
  return version;
}

/** Negative where the first is older, by so many of their numbers. */
function compareVersions(one: string, other: string, numbers: number): number {
  const [first, second] = [one, other].map((version) => version.split(".").map((part) => parseInt(part)));
  for (let at = 0; at < numbers; at++) {
    const difference = (first?.[at] || 0) - (second?.[at] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function unfit(engine: EngineName, why: string): ScrubError {
  return new ScrubError("rebuild", `Cannot rebuild the instance: ${why}`, installHints[engine]);
}

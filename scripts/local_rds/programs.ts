/** The servers' programs, and the user that runs them, because no database server starts as root. @module */
import { ScrubError } from "../../lib/core/errors.ts";

/** The user that runs a server: an unprivileged one if this process is root's. */
export interface Runner {
  readonly uid?: number;
  readonly gid?: number;
}

/** The programs of one engine, in a folder that the runner can read. Disposing removes copies. */
export interface Programs extends AsyncDisposable {
  /** Absolute path of a program. */
  path(program: string): string;
  /** Folders that were made for a copy. */
  readonly copies: readonly string[];
}

const tools = new URL("../../.tools/", import.meta.url).pathname;

/** The user that runs the servers. `nobody` (a name PostgreSQL's initdb insists on) has this id on Linux. */
export function runner(): Runner {
  return Deno.uid() === 0 ? { uid: 65534, gid: 65534 } : {};
}

/** PostgreSQL's programs: DATASCRUBBER_POSTGRESQL's, else those of scripts/setup. */
export async function postgresqlPrograms(): Promise<Programs> {
  const own = Deno.env.get("DATASCRUBBER_POSTGRESQL");
  if (own) return await enterable("PostgreSQL", own.replace(/\/+[^/]+\/*$/, ""), own.replace(/\/+$/, ""), "postgres");
  return await enterable("PostgreSQL", `${tools}postgresql`, `${tools}postgresql/bin`, "postgres");
}

/** MySQL's programs: DATASCRUBBER_MYSQLD, else those of scripts/setup. */
export async function mysqlPrograms(): Promise<Programs> {
  const own = Deno.env.get("DATASCRUBBER_MYSQLD");
  if (own) return inPlace(() => own);
  return await enterable("MySQL", `${tools}mysql`, `${tools}mysql`, "mysqld");
}

/** MariaDB's programs, of scripts/setup. */
export async function mariadbPrograms(): Promise<Programs> {
  return await enterable("MariaDB", `${tools}mariadb`, `${tools}mariadb`, "mariadbd");
}

/** Whether scripts/setup could bring MariaDB. */
export const hasMariadb: boolean = await Deno.stat(`${tools}mariadb/mariadbd`).then(() => true, () => false);

async function enterable(what: string, root: string, folder: string, probe: string): Promise<Programs> {
  const missing = await Deno.stat(`${folder}/${probe}`).then(() => false, () => true);
  const hint = "Run scripts/setup, or correct DATASCRUBBER_POSTGRESQL or DATASCRUBBER_MYSQLD.";
  if (missing) throw new ScrubError("unexpected", `Cannot start ${what}: there is no "${folder}/${probe}"`, hint);
  if (await canRun(`${folder}/${probe}`)) return inPlace((program) => `${folder}/${program}`);
  const { uid, gid } = runner();
  if (uid === undefined || gid === undefined) {
    throw new ScrubError("unexpected", `Cannot start ${what}: "${folder}/${probe}" does not run`, hint);
  }
  // Root, with the programs in a folder that only root can enter (a clone under /root).
  // Not where TMPDIR says, which may be memory: links are quick, and need the same file system; a copy takes a second.
  const copy = await Deno.makeTempDir({ dir: "/tmp", prefix: "datascrubber-programs-" });
  await using undo = new AsyncDisposableStack();
  undo.defer(() => Deno.remove(copy, { recursive: true }));
  await Deno.chown(copy, uid, gid);
  if (!await run("cp", ["-al", root, `${copy}/programs`])) {
    await Deno.remove(`${copy}/programs`, { recursive: true }).catch(() => {});
    await run("cp", ["-a", root, `${copy}/programs`]);
  }
  const moved = `${copy}/programs${folder.slice(root.length)}`;
  if (!await canRun(`${moved}/${probe}`)) {
    throw new ScrubError("unexpected", `Cannot start ${what}: a copy of "${folder}/${probe}" does not run`, hint);
  }
  const owned = undo.move();
  return {
    path: (program) => `${moved}/${program}`,
    copies: [copy],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function inPlace(path: Programs["path"]): Programs {
  return { path, copies: [], [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** By path: to ask a program costs a tenth of a server's start. */
const runnable = new Map<string, Promise<boolean>>();

function canRun(program: string): Promise<boolean> {
  const known = runnable.get(program) ?? run(program, ["--version"], runner());
  runnable.set(program, known);
  return known;
}

async function run(program: string, args: string[], as: Runner = {}): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args, stdin: "null", cwd: "/", ...as }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return false;
    throw error;
  }
}

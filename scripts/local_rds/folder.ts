/** Temporary folders that whoever runs the servers owns, and copies of data directories. @module */
import { ScrubError } from "../../lib/core/errors.ts";
import { type Runner, runner } from "./programs.ts";

/** A folder of one's own. Disposing of it removes it with all that is in it. */
export interface Folder extends AsyncDisposable {
  readonly path: string;
}

/** Makes an empty folder below the machine's own for temporary files, closed to other users. */
export async function temporaryFolder(): Promise<Folder> {
  const path = await Deno.makeTempDir({ prefix: "datascrubber-" });
  await handOver(path);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** Copies a data directory; `to` must not exist. Blocks are shared where the file system can. */
export async function copyFolder(from: string, to: string): Promise<void> {
  const reflink = Deno.build.os === "linux" ? ["--reflink=auto"] : [];
  await command("cp", ["-a", ...reflink, from, to]);
  await handOver(to);
}

/** Gives a folder, and all in it, to whoever runs the servers. Costs nothing when it is theirs already. */
export async function handOver(path: string): Promise<void> {
  const { uid, gid } = runner();
  if (uid === undefined || (await Deno.stat(path)).uid === uid) return;
  await command("chown", ["-R", `${uid}:${gid}`, path]);
}

/** Runs a program to its end and gives what it printed; a failure is an error with the program's last words. */
export async function command(program: string, args: string[], as: Runner = {}): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, stdin: "null", cwd: "/", ...as })
    .output();
  if (success) return new TextDecoder().decode(stdout);
  const words = new TextDecoder().decode(stderr).trim().split("\n").slice(-5).join("\n");
  const name = program.replace(/^.*\//, "");
  throw new ScrubError("unexpected", `Cannot run ${name}: ${words}`, "See the message of the program.");
}

/** Removes a data directory that may be gone already. */
export async function removeFolder(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

/** Whether there is such a file or folder. */
export async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

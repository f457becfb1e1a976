/** Temporary folders of the user that runs the servers, and copies of data directories. @module */
import { ScrubError } from "../../lib/core/errors.ts";
import { type Runner, runner } from "./programs.ts";

/** A temporary folder. Disposing removes it with its content. */
export interface Folder extends AsyncDisposable {
  readonly path: string;
}

/** Makes an empty temporary folder that other users cannot read. */
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

/** Gives a folder with its content to the user that runs the servers. */
export async function handOver(path: string): Promise<void> {
  const { uid, gid } = runner();
  if (uid === undefined || (await Deno.stat(path)).uid === uid) return;
  await command("chown", ["-R", `${uid}:${gid}`, path]);
}

/** Runs a program and gives its output; an error has the end of standard error. */
export async function command(program: string, args: string[], as: Runner = {}): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, stdin: "null", cwd: "/", ...as })
    .output();
  if (success) return new TextDecoder().decode(stdout);
  const words = new TextDecoder().decode(stderr).trim().split("\n").slice(-5).join("\n");
  const name = program.replace(/^.*\//, "");
  throw new ScrubError("unexpected", `Cannot run ${name}: ${words}`, "See the message of the program.");
}

/** Removes a data directory if it exists. */
export async function removeFolder(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

/** Whether a file or folder exists. */
export async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

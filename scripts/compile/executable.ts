/** One executable from a bundle. @module */

import { type Bundle, bundle, root } from "./bundle.ts";
import { processorOf } from "./elf.ts";
import { permissions } from "./permissions.ts";
import { run } from "./run.ts";

/** Targets that are released. */
export const targets = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"] as const;

/** One of {@linkcode targets}. */
export type Target = (typeof targets)[number];

const anyTime = new Date("2000-01-01T00:00:00Z");

/** What to build. */
export interface Build {
  /** Absent: this machine. */
  readonly target?: Target;
  /** Where the executable goes; its SHA-256 goes beside it, with `.sha256` behind its name. */
  readonly output: string;
}

/**
 * Compiles executables from one bundle. `DENO_BIN` names another deno to compile with than the one that runs this,
 * `DENORT_BIN` (read by Deno) a base runtime to take instead of downloading one; the two have to match.
 */
export async function compile(builds: readonly Build[]): Promise<Bundle> {
  const bundled = await bundle(await commit());
  for (const build of builds) {
    await compileBundle(bundled.main, build, bundled.files);
  }
  return bundled;
}

/** Compiles a text of JavaScript, with more files that it finds beside itself, by the same flags as the program. */
export async function compileBundle(
  main: string,
  { target, output }: Build,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    // Names and times of files are embedded: neither must depend on the folder, the output's name or the hour.
    for (const [path, text] of Object.entries({ ...more, "main.js": main })) {
      await Deno.mkdir(`${folder}/${path}`.replace(/\/[^/]+$/, ""), { recursive: true });
      await Deno.writeTextFile(`${folder}/${path}`, text);
      await Deno.utime(`${folder}/${path}`, anyTime, anyTime);
    }
    await run(Deno.env.get("DENO_BIN") ?? Deno.execPath(), [
      "compile",
      ...["--quiet", "--no-config", "--no-lock", "--no-check", "--no-remote", "--no-npm"],
      // Without these it would ask a terminal for more permissions, and write a cache into the temporary folder.
      ...["--no-prompt", "--no-code-cache", "--unstable-net"],
      // The databases do the work: without an optimising compiler and with small nurseries a worker takes a third less memory.
      "--v8-flags=--lite-mode,--max-semi-space-size=1",
      ...permissions.map(({ flag }) => flag),
      ...Object.keys(more).flatMap((path) => ["--include", path]),
      ...(target ? ["--target", target] : []),
      ...["--output", "datascrubber", "main.js"],
    ], { cwd: folder });
    await checkProcessor(`${folder}/datascrubber`, target);
    await Deno.mkdir(output.replace(/[^/]*$/, "") || ".", { recursive: true });
    await Deno.copyFile(`${folder}/datascrubber`, output);
    await Deno.chmod(output, 0o755);
    await Deno.writeTextFile(`${output}.sha256`, `${await sha256(output)}  ${output.replace(/^.*\//, "")}\n`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Deno takes any `DENORT_BIN`, whatever the target is. */
async function checkProcessor(executable: string, target: Target | undefined): Promise<void> {
  const [wanted, processor] = [target?.split("-")[0] ?? Deno.build.arch, await processorOf(executable)];
  if (processor === wanted) return;
  throw new Error(`Cannot compile for ${wanted}: the base runtime is for ${processor}; set DENORT_BIN to another`);
}

/** SHA-256 of a file, in hexadecimal digits. */
export async function sha256(path: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(path))).toHex();
}

/** The commit, with a word on changes since; outside of a repository what `DATASCRUBBER_COMMIT` says. */
export async function commit(): Promise<string> {
  try {
    const id = await run("git", ["rev-parse", "--short=12", "HEAD"], { cwd: root });
    const changes = await run("git", ["status", "--porcelain"], { cwd: root });
    return `commit ${id.trim()}${changes === "" ? "" : ", changed"}`;
  } catch {
    const given = Deno.env.get("DATASCRUBBER_COMMIT");
    return given ? `commit ${given}` : "unknown commit";
  }
}

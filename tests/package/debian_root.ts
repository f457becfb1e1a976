/** A bare Debian to install the package in. @module */

import { run } from "../../scripts/compile/run.ts";
import { root as project } from "../../scripts/compile/bundle.ts";
import { type Started, startProgramAt } from "./started.ts";

/** A Debian in a folder. */
export interface DebianRoot extends AsyncDisposable {
  readonly path: string;
  /** Runs a program inside, with /proc and without a network. */
  run(...words: readonly string[]): Promise<Started>;
  /** Every file, folder and link, but for logs, caches and dpkg's own. */
  files(): Promise<readonly string[]>;
}

const suite = "bookworm";

/** Makes a root with debootstrap, or from the one that was kept. Undefined where no Debian mirror answers. */
export async function debianRoot(packages: readonly string[] = []): Promise<DebianRoot | undefined> {
  // Making one takes a minute: it is kept, beside the other things that were brought.
  const kept = `${project}/.tools/debian-root-${[suite, ...packages].join("-")}.tar`;
  const path = await Deno.makeTempDir();
  if (!await Deno.stat(kept).then(() => true, () => false) && !await make(kept, packages)) return undefined;
  await run("tar", ["-C", path, "-xf", kept]);
  await Deno.chmod(path, 0o755);
  const words = (program: readonly string[]) => [
    ...["unshare", "--mount", "--net", "sh", "-c"],
    'mount -t proc proc "$0/proc" && exec chroot "$0" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"',
    ...[path, ...program],
  ];
  return {
    path,
    run: (...program) => startProgramAt(words(program)),
    async files() {
      const { stdout } = await startProgramAt(words(["find", "/", "-xdev", "!", "-path", "/proc/*"]));
      return stdout.split("\n").filter((file) => !/^\/(var\/(lib\/dpkg|log|cache|tmp)|tmp)\//.test(file)).toSorted();
    },
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function make(kept: string, packages: readonly string[]): Promise<boolean> {
  const folder = await Deno.makeTempDir();
  try {
    const mirror = await mirrorOf();
    const more = packages.length > 0 ? [`--include=${packages.join(",")}`] : [];
    // Nobody needs it after a crash of the machine: a third of the time goes into waiting for the disk.
    const env = { DPKG_FORCE: "unsafe-io" };
    await run("debootstrap", ["--variant=minbase", ...more, suite, folder, ...(mirror ? [mirror] : [])], { env });
    await run("tar", ["-C", folder, "-cf", `${kept}.part`, "."]);
    await Deno.rename(`${kept}.part`, kept);
    return true;
  } catch {
    return false;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The mirror that apt uses. */
async function mirrorOf(): Promise<string | undefined> {
  const targets = await run("apt-get", ["indextargets", "--format", "$(REPO_URI)", "Origin: Debian"]);
  return targets.split("\n").find((uri) => uri !== "" && !uri.includes("security"));
}

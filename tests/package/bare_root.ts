/** A root with nothing in it but one executable and the libraries that it is linked with. @module */

import { run } from "../../scripts/compile/run.ts";

/** A folder to be the root of a process. */
export interface BareRoot extends AsyncDisposable {
  readonly path: string;
}

/** Makes a root with the executable as `/datascrubber`, and these files of text. */
export async function bareRoot(executable: string, files: Readonly<Record<string, string>> = {}): Promise<BareRoot> {
  const path = await Deno.makeTempDir();
  await Deno.copyFile(executable, `${path}/datascrubber`);
  for (const line of (await run("ldd", [executable])).split("\n")) {
    const library = /(\/\S+) \(0x/.exec(line)?.[1];
    if (library === undefined) continue;
    await run("mkdir", ["-p", `${path}${library.replace(/[^/]+$/, "")}`]);
    await Deno.copyFile(await Deno.realPath(library), `${path}${library}`);
  }
  await Deno.mkdir(`${path}/proc`);
  for (const [name, text] of Object.entries({ "etc/hosts": "127.0.0.1 localhost\n", ...files })) {
    await run("mkdir", ["-p", `${path}/${name}`.replace(/\/[^/]+$/, "")]);
    await Deno.writeTextFile(`${path}/${name}`, text);
  }
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** The words that run the executable there, read-only, without an environment but this. Root may. */
export function inBareRoot(
  root: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): readonly string[] {
  // Deno reads itself through /proc. All mounts end with the process.
  const script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && mount -t proc proc "$0/proc" && ' +
    'exec env -i -C / "$@"';
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const program = ["/usr/sbin/chroot", root, "/datascrubber", ...args];
  return ["unshare", "--mount", "sh", "-c", script, root, ...variables, ...program];
}

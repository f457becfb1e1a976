/** New data directories: initialised once on a machine, then copied, which takes a tenth of the time. @module */
import { command, copyFolder, handOver, isThere, temporaryFolder } from "./folder.ts";
import { runner } from "./programs.ts";

const templates = new URL("../../.tools/templates/", import.meta.url).pathname;

/** Makes `to` a new data directory. `version` names the template; `initialise` fills an empty folder if there is none yet. */
export async function freshDataDirectory(
  version: string,
  to: string,
  initialise: (folder: string) => Promise<void>,
): Promise<void> {
  // Another user's template may not be readable.
  const template = `${templates}${version}-${runner().uid ?? Deno.uid() ?? 0}`;
  if (!await isThere(template)) {
    await Deno.mkdir(templates, { recursive: true });
    using lock = await Deno.open(`${template}.lock`, { create: true, write: true });
    await lock.lock(true);
    if (!await isThere(template)) {
      await using folder = await temporaryFolder();
      const made = `${folder.path}/data`;
      await Deno.mkdir(made, { mode: 0o700 });
      await handOver(made);
      await initialise(made);
      // Renamed after the copy, so that a template is always complete.
      const beside = `${template}.${crypto.randomUUID()}`;
      await copyFolder(made, beside);
      await Deno.rename(beside, template);
    }
  }
  await copyFolder(template, to);
}

/** By path: to ask a program costs a tenth of a server's start. */
const versions = new Map<string, Promise<string>>();

/** What a server's program says of its version, which a template's name holds. */
export function versionText(program: string, args: readonly string[] = []): Promise<string> {
  const known = versions.get(program) ?? command(program, [...args, "--version"], runner());
  versions.set(program, known);
  return known;
}

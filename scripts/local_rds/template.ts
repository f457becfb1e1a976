/** Data directories that are made once on a machine, then copied, which takes a tenth of the time. @module */
import { command, copyFolder, isThere, removeFolder, temporaryFolder } from "./folder.ts";
import { runner } from "./programs.ts";

const templates = new URL("../../.tools/templates/", import.meta.url).pathname;

/** Of templates that nothing uses any more: see {@linkcode Template.kind}. */
const keptFor = 48 * 60 * 60 * 1000;

/** What a template holds. */
export interface Template {
  /** What its data are for. Two days after it was made, the next template of its kind takes its place on the disk. */
  readonly kind: string;
  /** All that its data depend on: templates of other versions are others. The day, where nothing else changes so soon. */
  readonly version: string;
}

/** Makes `to` a data directory like the template's. `make` makes a folder with the data if there is no template yet. */
export async function copyOfTemplate(
  { kind, version }: Template,
  to: string,
  make: (folder: string) => Promise<void>,
): Promise<void> {
  // Another user's template may not be readable.
  const template = `${templates}${kind}.${version}-${runner().uid ?? Deno.uid() ?? 0}`;
  if (!await isThere(template)) {
    await Deno.mkdir(templates, { recursive: true });
    using lock = await Deno.open(`${template}.lock`, { create: true, write: true });
    await lock.lock(true);
    if (!await isThere(template)) {
      await using folder = await temporaryFolder();
      const made = `${folder.path}/data`;
      await make(made);
      // Renamed after the copy, so that a template is always complete.
      const beside = `${template}.${crypto.randomUUID()}`;
      await copyFolder(made, beside);
      await Deno.rename(beside, template);
      await removeOld(kind);
    }
  }
  await copyFolder(template, to);
}

/** Templates of the kind that were made long ago, by other versions of what they depend on. */
async function removeOld(kind: string): Promise<void> {
  const before = Date.now() - keptFor;
  for await (const { name } of Deno.readDir(templates)) {
    if (!name.startsWith(`${kind}.`)) continue;
    const { birthtime } = await Deno.stat(templates + name);
    if (birthtime && birthtime.getTime() < before) await removeFolder(templates + name);
  }
}

/** By path: to ask a program costs a tenth of a server's start. */
const versions = new Map<string, Promise<string>>();

/** What a server's program says of its version, which a template's name holds. */
export function versionText(program: string, args: readonly string[] = []): Promise<string> {
  const known = versions.get(program) ?? command(program, [...args, "--version"], runner());
  versions.set(program, known);
  return known;
}

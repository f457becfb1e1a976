/** The program as a few files of JavaScript: a module graph of npm packages would have to be resolved at every start. @module */

import { run } from "./run.ts";

/** The repository's root. */
export const root = new URL("../../", import.meta.url).pathname.replace(/\/$/, "");

/** An npm package that is inside. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** Folder of its files on this machine. */
  readonly folder: string;
}

/** A bundled program. */
export interface Bundle {
  /** The text of main, which finds the other files beside itself. */
  readonly main: string;
  /** The others by path: the worker, and what main loads only when it needs it. */
  readonly files: Readonly<Record<string, string>>;
  /** By name and version. */
  readonly packages: readonly BundledPackage[];
}

/** Bundles main and worker. `builtFrom` is what `--version` says in brackets. */
export async function bundle(builtFrom: string): Promise<Bundle> {
  const cache = await npmCache();
  const [program, worker] = await Promise.all([
    // What main imports lazily stays apart: nobody waits for it who only asks for help.
    bundleFile("main.ts", "--code-splitting"),
    bundleFile("lib/fleet/worker.ts"),
  ]);
  const found = new Map<string, BundledPackage>();
  const clean = (text: string) => {
    for (const one of packagesOf(text, cache)) found.set(`${one.name}@${one.version}`, one);
    return withoutPlaces(text, cache);
  };
  const parts = withStableNames(Object.entries(program).map(([name, text]) => [name, clean(text)] as const));
  const { "main.js": main = "", ...others } = replaceOnce(
    replaceOnce(parts, "lib/fleet/worker.ts", "lib/fleet/worker.js"),
    'builtFrom = ""',
    `builtFrom = ${JSON.stringify(builtFrom)}`,
  );
  return {
    main,
    files: { ...others, "lib/fleet/worker.js": clean(worker["worker.js"] ?? "") },
    packages: [...found].sort(([one], [other]) => one < other ? -1 : 1).map(([, value]) => value),
  };
}

/** The texts that a file becomes, by name. */
async function bundleFile(file: string, ...options: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const folder = await Deno.makeTempDir();
  try {
    await run(Deno.execPath(), ["bundle", "--quiet", "--frozen", ...options, "--outdir", folder, file], { cwd: root });
    const texts: Record<string, string> = {};
    for await (const { name } of Deno.readDir(folder)) texts[name] = await Deno.readTextFile(`${folder}/${name}`);
    return texts;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The bundler's names hold a hash, of the places where packages lie as well: numbers instead, in an order of their own. */
function withStableNames(parts: readonly (readonly [name: string, text: string])[]): Readonly<Record<string, string>> {
  const hash = /-[A-Z0-9]{8}(?=\.js)/g;
  const order = parts.map(([name, text]) => ({ name, key: `${name.replace(hash, "")} ${text.replace(hash, "")}` }))
    .sort((one, other) => one.key < other.key ? -1 : 1);
  const names = order.map(({ name }, at) => [name, name.replace(hash, `-${at}`)] as const);
  const rename = (text: string) => names.reduce((text, [from, to]) => text.replaceAll(from, to), text);
  return Object.fromEntries(parts.map(([name, text]) => [rename(name), rename(text)] as const).sort());
}

/** Where npm packages are, as the bundler spells it: relative to the root. */
async function npmCache(): Promise<string> {
  const { npmCache } = JSON.parse(await run(Deno.execPath(), ["info", "--json"], { cwd: root }));
  const from = root.split("/");
  const to = String(npmCache).split("/");
  const common = from.findIndex((part, at) => part !== to[at]);
  const shared = common < 0 ? from.length : common;
  return [...from.slice(shared).map(() => ".."), ...to.slice(shared)].join("/");
}

function inCache(cache: string): RegExp {
  return new RegExp(`${RegExp.escape(cache)}/[^/"\\s]+/((?:@[^/"\\s]+/)?[^/"\\s]+)/([^/"\\s]+)/`, "g");
}

function packagesOf(text: string, cache: string): readonly BundledPackage[] {
  return [...text.matchAll(inCache(cache))].map(([folder, name = "", version = ""]) => ({
    ...{ name, version },
    folder: `${root}/${folder}`,
  }));
}

/** The same input has to make the same bytes wherever the packages lie. */
function withoutPlaces(text: string, cache: string): string {
  return text.replace(inCache(cache), (_, name, version) => `npm/${name}/${version}/`);
}

function replaceOnce(
  parts: Readonly<Record<string, string>>,
  from: string,
  to: string,
): Readonly<Record<string, string>> {
  const count = Object.values(parts).reduce((sum, text) => sum + text.split(from).length - 1, 0);
  if (count !== 1) throw new Error(`Cannot build: the bundle holds ${from} ${count} times`);
  return Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, text.replace(from, () => to)]));
}

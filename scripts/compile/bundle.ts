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

/** Texts by name of file. */
type Texts = Readonly<Record<string, string>>;

/** A bundled program. */
export interface Bundle {
  /** The text of main, which finds the other files beside itself. */
  readonly main: string;
  /** The others by path: the worker, and what main loads only when it needs it. */
  readonly files: Texts;
  /** By name and version. */
  readonly packages: readonly BundledPackage[];
}

/** Bundles main and worker. `builtFrom` is what `--version` says in brackets. */
export async function bundle(builtFrom: string): Promise<Bundle> {
  const cache = await npmCache();
  const [program, worker] = await Promise.all([bundleFile("main.ts"), bundleFile("lib/fleet/worker.ts")]);
  const found = new Map<string, BundledPackage>();
  const clean = (texts: Texts): Texts => {
    const parts = Object.entries(texts).map(([name, text]) => {
      for (const one of packagesOf(text, cache)) found.set(`${one.name}@${one.version}`, one);
      return [name, inAscii(withoutPlaces(text, cache))] as const;
    });
    return fromDefaults(withoutIdleImports(withStableNames(parts)));
  };
  const { "main.js": main = "", ...others } = replaceOnce(
    replaceOnce(clean(program), "lib/fleet/worker.ts", "lib/fleet/worker.js"),
    'builtFrom = ""',
    `builtFrom = ${JSON.stringify(builtFrom)}`,
  );
  const ofWorker = Object.entries(clean(worker)).map(([name, text]) => [`lib/fleet/${name}`, text] as const);
  return {
    main,
    files: { ...others, ...Object.fromEntries(ofWorker) },
    packages: [...found].sort(([one], [other]) => one < other ? -1 : 1).map(([, value]) => value),
  };
}

/** The texts that a file becomes, by name. What it imports lazily stays apart: it costs nothing until it is needed. */
async function bundleFile(file: string): Promise<Texts> {
  const folder = await Deno.makeTempDir();
  // One at a time, in all processes: the first one on a machine brings the bundler's program, and others would find half of it.
  using turn = await Deno.open(`${root}/deno.lock`);
  await turn.lock(true);
  try {
    const words = ["bundle", "--quiet", "--frozen", "--code-splitting", "--outdir", folder, file];
    await run(Deno.execPath(), words, { cwd: root });
    const texts: Record<string, string> = {};
    for await (const { name } of Deno.readDir(folder)) texts[name] = await Deno.readTextFile(`${folder}/${name}`);
    return texts;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A text in ASCII is used where it lies in the executable; every thread would copy any other to memory of its own. */
function inAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Without the imports of the bundler's helpers, which load Node's modules, in files that take nothing from there: they would
 * run at every start.
 */
function withoutIdleImports(parts: Texts): Texts {
  const helpers = Object.keys(parts).filter((name) => parts[name]?.includes('from "node:module"'));
  const idle = helpers.map((name) => `import "./${name}";\n`);
  const without = (text: string) => idle.reduce((text, line) => text.replace(line, ""), text);
  return Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, without(text)]));
}

/**
 * A part that is CommonJS exports all it has as its default, and the bundler leaves those who load it lazily looking for names:
 * they are led to the default.
 *
 * @throws {Error} where a part is loaded in a way that can't be led there.
 */
function fromDefaults(parts: Texts): Texts {
  const commonJs = Object.keys(parts).filter((name) => /^export default require_\w+\(\);$/m.test(parts[name] ?? ""));
  return Object.fromEntries(
    Object.entries(parts).map(([name, text]) => {
      const led = commonJs.reduce(
        (text, part) => text.replaceAll(`await import("./${part}")`, `(await import("./${part}")).default`),
        text,
      );
      const left = commonJs.find((part) => led.replaceAll(`(await import("./${part}"))`, "").includes(`"./${part}"`));
      if (left !== undefined) {
        throw new Error(`Cannot build: ${name} loads ${left}, which is CommonJS, in an unknown way`);
      }
      return [name, led] as const;
    }),
  );
}

/** The bundler's names hold a hash, of the places where packages lie as well: numbers instead, in an order of their own. */
function withStableNames(parts: readonly (readonly [name: string, text: string])[]): Texts {
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

function replaceOnce(parts: Texts, from: string, to: string): Texts {
  const count = Object.values(parts).reduce((sum, text) => sum + text.split(from).length - 1, 0);
  if (count !== 1) throw new Error(`Cannot build: the bundle holds ${from} ${count} times`);
  return Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, text.replace(from, () => to)]));
}

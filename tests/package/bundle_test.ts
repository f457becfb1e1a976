/** What lies in the executable: files that are loaded when somebody needs them, and nothing that costs memory for nobody. @module */

import { assert, assertEquals } from "@std/assert";
import { bundle } from "../../scripts/compile/bundle.ts";

const { main, files, packages } = await bundle("commit 0123456789ab");
const texts: Readonly<Record<string, string>> = { ...files, "main.js": main };

/** The names of a file and of all that it can't start without. */
function neededBy(name: string, found: Set<string> = new Set()): ReadonlySet<string> {
  if (found.has(name)) return found;
  found.add(name);
  const imported = textOf(name).matchAll(/^(?:import|\} from) "\.\/([^"]+)";$/gm);
  for (const [, other = ""] of imported) neededBy(name.replace(/[^/]*$/, other), found);
  return found;
}

function textOf(name: string): string {
  return texts[name] ?? fail(`there is no ${name}`);
}

/** Name of the file that begins a part which is loaded later. */
function part(folder: string, from: string): string {
  const found = Object.keys(texts).find((name) => name.startsWith(folder) && textOf(name).includes(`// ${from}\n`));
  return found ?? fail(`nothing comes from ${from}`);
}

function fail(why: string): never {
  throw new Error(`Cannot look at the bundle: ${why}`);
}

function textsOf(names: Iterable<string>): string {
  return [...names].map(textOf).join("");
}

for (const what of ["help", "version"]) {
  Deno.test(`--${what} needs little text, and nothing of Node`, () => {
    const [, answer = ""] = new RegExp(`import\\("\\./(${what}-\\d+\\.js)"\\)`).exec(main) ?? [];
    const needed = textsOf(new Set([...neededBy("main.js"), ...neededBy(answer)]));
    assert(needed.length < 64_000, `${needed.length} characters`);
    assertEquals(/^import\b.*"node:.*$/m.exec(needed)?.[0], undefined);
    assertEquals(needed.includes("// npm/"), false);
  });
}

const drivers = { mysql: "npm/mysql2/", postgresql: "npm/postgres/" };
const late = {
  ...drivers,
  "S3's client": "npm/@aws-sdk/client-s3/",
  "the world's numbering plans": "npm/libphonenumber-js/",
};

Deno.test("a worker begins without drivers, S3's client and what looks at texts of catalogues", () => {
  const needed = textsOf(neededBy("lib/fleet/worker.js"));
  assert(needed.includes("npm/@aws-sdk/client-rds/"));
  assertEquals(Object.entries(late).filter(([, place]) => needed.includes(place)), []);
});

for (const [engine, driver] of Object.entries(drivers)) {
  Deno.test(`${engine} brings its own driver into a worker and no other`, () => {
    const needed = textsOf(neededBy(part("lib/fleet/", `lib/${engine}/mod.ts`)));
    assertEquals(Object.values(late).filter((place) => needed.includes(place)), [driver]);
  });
}

Deno.test("all texts are ASCII: no thread copies them to memory of its own", () => {
  assertEquals(Object.keys(texts).filter((name) => /[^\0-\x7f]/.test(textOf(name))), []);
});

Deno.test("every import finds its file, and no name holds a hash", () => {
  for (const name of Object.keys(texts)) {
    assertEquals(/-[A-Z0-9]{8}\./.test(name), false, name);
    for (const [, other = ""] of textOf(name).matchAll(/(?:^import|^\} from|\bimport\() ?"\.\/([^"]+\.js)"/gm)) {
      textOf(name.replace(/[^/]*$/, other));
    }
  }
});

Deno.test("the packages inside are known, whatever part they are in", () => {
  const names = packages.map(({ name }) => name);
  for (const name of ["@aws-sdk/client-rds", "@aws-sdk/client-s3", "mysql2", "postgres", "yaml"]) {
    assert(names.includes(name), name);
  }
});

Deno.test("what loads a part of CommonJS takes names from its default", () => {
  const commonJs = Object.keys(texts).filter((name) => /^export default require_/m.test(textOf(name)));
  assert(commonJs.length > 0);
  for (const name of commonJs) {
    const call = `import("./${name.replace(/.*\//, "")}")`;
    const loads = Object.values(texts).flatMap((text) => text.split("\n").filter((line) => line.includes(call)));
    assert(loads.length > 0, `nobody loads ${name}`);
    assertEquals(loads.filter((line) => !line.includes(").default")), []);
  }
});

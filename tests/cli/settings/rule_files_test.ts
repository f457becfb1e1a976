/** Which rule files are read, and what is said of those that can't be used. @module */

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import type { Files } from "../../../lib/cli/parse/files.ts";
import { allScrubbers, defaultFolder } from "../../../lib/cli/settings/rule_files.ts";
import type { Settings } from "../../../lib/core/settings.ts";
import { ScrubError } from "../../../lib/core/errors.ts";

const orders = "database: orders\nengine: mysql\n";
const shops = "database: shops\nengine: mysql\n";

/** A folder is a path that ends in `/`. */
function filesWith(contents: Readonly<Record<string, string>>, closed?: string): Files {
  return {
    read: (path) =>
      contents[path] === undefined
        ? Promise.reject(new Deno.errors.NotFound())
        : Promise.resolve(new TextEncoder().encode(contents[path])),
    list(path) {
      if (path === closed) return Promise.reject(new Deno.errors.PermissionDenied());
      if (contents[path] !== undefined) return Promise.resolve(undefined);
      const folder = `${path.replace(/\/$/, "")}/`;
      const names = Object.keys(contents).filter((name) => name.startsWith(folder)).map((name) =>
        name.slice(folder.length)
      );
      return names.length > 0 ? Promise.resolve(names) : Promise.reject(new Deno.errors.NotFound());
    },
    mode: () => Promise.resolve(0o600),
    tryToWrite: () => Promise.resolve(),
  };
}

async function settings(
  args: readonly string[],
  files: Files,
  environment: Readonly<Record<string, string>> = {},
): Promise<Settings> {
  const command = await parseCommandLine(["--mysql-hosts", "a", ...args], environment, files);
  if (command.command !== "scrub") throw new Error(`not a scrub: ${command.command}`);
  return command.settings;
}

for (
  const { what, args, contents, environment = {}, expected } of [
    {
      what: "a file",
      args: ["--rules", "a.yaml"],
      contents: { "a.yaml": orders },
      expected: ["a.yaml orders"],
    },
    {
      what: "several files, each once",
      args: ["--rules", "a.yaml", "b.yaml", "--rules", "a.yaml"],
      contents: { "a.yaml": orders, "b.yaml": shops },
      expected: ["a.yaml orders", "b.yaml shops"],
    },
    {
      what: "the .yaml and .yml files of a folder, in the order of their names",
      args: ["--rules", "r/"],
      contents: { "r/b.yml": orders, "r/a.yaml": shops, "r/c.yaml~": "x", "r/.d.yaml": "x", "r/README": "x" },
      expected: ["r/a.yaml shops", "r/b.yml orders"],
    },
    {
      what: "the environment's",
      args: [],
      contents: { "a.yaml": orders },
      environment: { DATASCRUBBER_RULES: "a.yaml" },
      expected: ["a.yaml orders"],
    },
    {
      what: "those of the default folder",
      args: [],
      contents: { [`${defaultFolder}/a.yaml`]: orders },
      expected: [`${defaultFolder}/a.yaml orders`],
    },
    {
      what: "not those of the default folder where others are named",
      args: ["--rules", "a.yaml"],
      contents: { "a.yaml": orders, [`${defaultFolder}/b.yaml`]: shops },
      expected: ["a.yaml orders"],
    },
    { what: "none where there is nothing", args: [], contents: {}, expected: [] },
  ] as readonly {
    readonly what: string;
    readonly args: readonly string[];
    readonly contents: Readonly<Record<string, string>>;
    readonly environment?: Readonly<Record<string, string>>;
    readonly expected: readonly string[];
  }[]
) {
  Deno.test(`a run reads ${what}`, async () => {
    const { ruleFiles = [] } = await settings(args, filesWith(contents), environment);
    assertEquals(ruleFiles.map(({ path, scrubber }) => `${path} ${scrubber}`), expected);
  });
}

Deno.test("a rule file is known by the SHA-256 of its bytes", async () => {
  const { ruleFiles = [] } = await settings(["--rules", "a.yaml"], filesWith({ "a.yaml": orders }));
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(orders));
  assertEquals(ruleFiles[0]?.sha256, new Uint8Array(bytes).toHex());
});

for (
  const { what, args = ["--rules", "a.yaml"], contents, closed, expected } of [
    { what: "a file that is not there", contents: {}, expected: /^Cannot read --rules: "a.yaml" does not exist$/ },
    {
      what: "a folder without rule files",
      args: ["--rules", "r"],
      contents: { "r/a.txt": "" },
      expected: /the folder "r" has no file that ends in .yaml or .yml/,
    },
    {
      what: "a default folder that is closed to this user",
      args: [],
      contents: {},
      closed: defaultFolder,
      expected: /rules.d" is closed to this user/,
    },
    {
      what: "everything that is wrong with any file",
      args: ["--rules", "a.yaml", "b.yaml"],
      contents: { "a.yaml": "database: a\nengine: mysqll\ntable: {}\n", "b.yaml": "x\n" },
      expected:
        /: 3 problems\na.yaml:2:9: .*\na.yaml:3:1: a rule file has no "table"; did you mean "tables"\?\nb.yaml:1:1: .*$/,
    },
    {
      what: "two files for the same databases",
      args: ["--rules", "a.yaml", "b.yaml"],
      contents: { "a.yaml": "database: my-orders\nengine: mysql\n", "b.yaml": "engine: mysql\ndatabase: my_orders\n" },
      expected: /\nb.yaml:2:11: a.yaml has rules for the same databases: "my-orders"$/,
    },
    {
      what: "a file for a built-in scrubber's databases that neither extends nor replaces it",
      contents: { "a.yaml": "database: whitehall\nengine: mysql\n" },
      expected:
        /\na.yaml:1:11: there is a built-in scrubber "whitehall": say extends: whitehall or replaces: whitehall$/,
    },
  ] as readonly {
    readonly what: string;
    readonly args?: readonly string[];
    readonly contents: Readonly<Record<string, string>>;
    readonly closed?: string;
    readonly expected: RegExp;
  }[]
) {
  Deno.test(`a run refuses ${what}`, async () => {
    const error = await assertRejects(() => settings(args, filesWith(contents, closed)), ScrubError);
    assertEquals(error.kind, "usage");
    assertMatch(error.message, expected);
  });
}

Deno.test("two files may be for databases of one name on two engines", async () => {
  const contents = { "a.yaml": orders, "b.yaml": "database: orders\nengine: postgresql\n" };
  assertEquals((await settings(["--rules", "a.yaml", "b.yaml"], filesWith(contents))).ruleFiles?.length, 2);
});

for (
  const [what, text, expected] of [
    ["a new one stands behind the built-in ones", orders, ["email-alert-api", "publishing-api", "whitehall", "orders"]],
    [
      "one that replaces takes its place",
      "database: whitehall\nengine: mysql\nreplaces: whitehall\n",
      ["email-alert-api", "publishing-api", "whitehall"],
    ],
    [
      "one that extends it for other databases leaves it there",
      "database: whitehall-admin\nengine: mysql\nextends: whitehall\n",
      ["email-alert-api", "publishing-api", "whitehall", "whitehall-admin"],
    ],
  ] as const
) {
  Deno.test(`the scrubbers in force: ${what}`, async () => {
    const { ruleFiles = [] } = await settings(["--rules", "a.yaml"], filesWith({ "a.yaml": text }));
    const scrubbers = await allScrubbers(ruleFiles);
    assertEquals(scrubbers.map(({ name }) => name), [...expected]);
    assertEquals(scrubbers.at(-1)?.file?.path, "a.yaml");
  });
}

Deno.test("--reviewed knows the scrubbers of rule files", async () => {
  const files = filesWith({ "a.yaml": orders, "r.json": '{"orders": []}' });
  assertEquals((await settings(["--rules", "a.yaml", "--reviewed", "r.json"], files)).reviewed, { orders: [] });
  await assertRejects(() => settings(["--reviewed", "r.json"], files), ScrubError, "there is no such scrubber");
});

async function text(args: readonly string[], files: Files): Promise<string> {
  const command = await parseCommandLine(args, {}, files);
  if (command.command !== "text") throw new Error(`not a text: ${command.command}`);
  return command.text;
}

Deno.test("rules check says of every file that it can be used", async () => {
  const contents = { "a.yaml": `${orders}tables: { a: , b: }\n`, "b.yaml": shops };
  assertEquals(
    await text(["rules", "check", "a.yaml", "b.yaml"], filesWith(contents)),
    '"a.yaml" can be used: rules for "orders" (mysql), 2 tables\n"b.yaml" can be used: rules for "shops" (mysql), 0 tables\n',
  );
});

Deno.test("rules check says everything that is wrong with the files", async () => {
  const files = filesWith({ "a.yaml": "database: orders\nengine: mysql\ntables: { t: { a: emial } }\n", "b.yaml": "" });
  const error = await assertRejects(() => text(["rules", "check", "a.yaml", "b.yaml"], files), ScrubError);
  assertMatch(
    error.message,
    /: 2 problems\na\.yaml:3:19: there is no strategy "emial"; did you mean "email"\?\nb\.yaml:1:1: the file is empty/,
  );
});

Deno.test("rules check needs a file", async () => {
  await assertRejects(() => text(["rules", "check"], filesWith({})), ScrubError, "its FILE… is missing");
});

Deno.test("rules schema is JSON Schema", async () => {
  assertEquals(JSON.parse(await text(["rules", "schema"], filesWith({}))).title, "Rules of datascrubber");
});

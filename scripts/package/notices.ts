/** The licences of everything inside an executable, as Debian's copyright file. @module */

import { type BundledPackage, root } from "../compile/bundle.ts";

/** Debian's policy wants the text itself not repeated. */
const apache = "Licensed under the Apache License, Version 2.0; on Debian systems its text is in\n" +
  "/usr/share/common-licenses/Apache-2.0.";

/** A `copyright` file in Debian's machine-readable format. */
export async function copyrightFile(packages: readonly BundledPackage[]): Promise<string> {
  const own = await Deno.readTextFile(`${root}/LICENSE`);
  const stanzas = await Promise.all(packages.map(stanza));
  return [
    [
      "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
      "Upstream-Name: datascrubber",
      "Comment: /usr/bin/datascrubber is compiled with everything that is named below inside.",
    ].join("\n"),
    ["Files: *", `Copyright: ${holders(own).join("\n ")}`, `License: Expat\n${indented(own)}`].join("\n"),
    [
      "Files: (Deno)",
      "Copyright: 2018-2026 the Deno authors",
      "License: Expat-Deno\n" + indented(
        "The runtime, with V8 and its libraries inside. Its licence is the one above; those of what it contains are named\n" +
          "at https://github.com/denoland/deno/blob/main/LICENSE.md and in its lock file.",
      ),
    ].join("\n"),
    ...stanzas,
  ].join("\n\n") + "\n";
}

async function stanza(bundled: BundledPackage): Promise<string> {
  const { name, version, folder } = bundled;
  const manifest = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  const text = await licenceText(folder);
  const copyright = holders(text ?? "");
  // Of several, the first is taken.
  const [licence = "unknown"] = licenceName(manifest.license).split(" OR ");
  const common = licence === "Apache-2.0";
  const [author] = [manifest.author].flat();
  return [
    `Files: (npm package ${name} ${version})`,
    `Copyright: ${copyright.length > 0 ? copyright.join("\n ") : author?.name ?? author ?? `the authors of ${name}`}`,
    `License: ${licence}-${name.replaceAll(/[^a-z0-9.]+/gi, "-").replace(/^-/, "")}`,
    indented(
      common ? apache : text ?? `${licence}, as its package.json says; it comes with no text of it.`,
    ),
  ].join("\n");
}

/** The SPDX name of a package's licence. */
export function licenceName(license: unknown): string {
  return typeof license === "string" ? license.replaceAll(/ or /gi, " OR ") : "unknown";
}

async function licenceText(folder: string): Promise<string | undefined> {
  const texts: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (/^(licen[cs]e|copying)(\.(md|txt|mit))?$/i.test(name)) texts.push(await Deno.readTextFile(`${folder}/${name}`));
  }
  // One of several may only say which there are.
  return texts.sort((one, other) => other.length - one.length)[0];
}

function holders(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trim().replace(/^[*#/ ]+/, ""));
  return lines.filter((line) => /^copyright\b.*\d{4}/i.test(line))
    .map((line) => line.replace(/^copyright( \(c\)| ©)?[: ]*/i, "").trim());
}

function indented(text: string): string {
  return text.trim().split("\n").map((line) => line.trim() === "" ? " ." : ` ${line.trimEnd()}`).join("\n");
}

/** The Debian package, made with Debian's own tools around an executable. @module */

import { completionsFor } from "../../lib/cli/help/completions.ts";
import { ruleFileSchema } from "../../lib/scrub/rule_files/json_schema.ts";
import { configSchema } from "../../lib/cli/help/config_schema.ts";
import { manPage } from "../../lib/cli/help/man_page.ts";
import { version } from "../../lib/cli/help/version.ts";
import { type BundledPackage, root } from "../compile/bundle.ts";
import { run } from "../compile/run.ts";
import { debianChangelog } from "./changelog.ts";
import { environmentFile } from "./environment_file.ts";
import { copyrightFile } from "./notices.ts";

/** Debian's names of architectures. */
export type Architecture = "amd64" | "arm64";

/** Builds `datascrubber_VERSION_ARCHITECTURE.deb` in a folder and gives its path. Needs debhelper and dpkg-dev. */
export async function debianPackage(
  { executable, packages, architecture, folder, compression = "-Zxz" }: {
    readonly executable: string;
    readonly packages: readonly BundledPackage[];
    readonly architecture: Architecture;
    readonly folder: string;
    /** Options of dpkg-deb: a test has no time for the best. */
    readonly compression?: string;
  },
): Promise<string> {
  const above = await Deno.makeTempDir();
  try {
    const stage = `${above}/datascrubber-${version}`;
    await run("cp", ["-r", `${root}/scripts/package/debian`, `${above}/debian`]);
    await Deno.mkdir(`${stage}/bash-completion`, { recursive: true });
    await Deno.rename(`${above}/debian`, `${stage}/debian`);
    await Deno.chmod(`${stage}/debian/rules`, 0o755);
    await Deno.copyFile(executable, `${stage}/datascrubber`);
    const history = await Deno.readTextFile(`${root}/CHANGELOG.md`);
    const files: Readonly<Record<string, string>> = {
      "debian/changelog": debianChangelog(history),
      "debian/copyright": await copyrightFile(packages),
      "datascrubber.8": manPage(),
      "datascrubber.env": environmentFile(),
      "datascrubber.schema.json": configSchema(),
      "datascrubber-rules.schema.json": ruleFileSchema(),
      "bash-completion/datascrubber": completionsFor("bash"),
      "_datascrubber": completionsFor("zsh"),
      "datascrubber.fish": completionsFor("fish"),
    };
    for (const [path, text] of Object.entries(files)) await Deno.writeTextFile(`${stage}/${path}`, text);
    for await (const { name: policy } of Deno.readDir(`${root}/scripts/package/iam`)) {
      await Deno.copyFile(`${root}/scripts/package/iam/${policy}`, `${stage}/${policy}`);
    }
    await run("dpkg-buildpackage", ["--build=binary", "--no-sign", "--no-check-builddeps", "-a", architecture], {
      cwd: stage,
      env: { DEB_BUILD_OPTIONS: "noautodbgsym nocheck", COMPRESSION: compression },
    });
    const name = `datascrubber_${version}_${architecture}.deb`;
    await Deno.mkdir(folder, { recursive: true });
    await Deno.copyFile(`${above}/${name}`, `${folder}/${name}`);
    return `${folder}/${name}`;
  } finally {
    await Deno.remove(above, { recursive: true });
  }
}

/** The Debian package: clean to Debian's own checks; comes, is upgraded and goes without a trace in a bare Debian. @module */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { configSchema } from "../../lib/cli/help/config_schema.ts";
import { environmentVariable, type Option } from "../../lib/cli/options/option.ts";
import { options } from "../../lib/cli/options/options.ts";
import { version } from "../../lib/cli/help/version.ts";
import { root } from "../../scripts/compile/bundle.ts";
import { sha256 } from "../../scripts/compile/executable.ts";
import { run } from "../../scripts/compile/run.ts";
import { debianPackage } from "../../scripts/package/debian_package.ts";
import { environmentFile } from "../../scripts/package/environment_file.ts";
import { debianRoot } from "./debian_root.ts";
import { testedExecutable } from "./executable.ts";
import { canCompile, has, isRoot, testWith } from "./tools.ts";

const needs = {
  "DENO_BIN and DENORT_BIN": canCompile,
  debhelper: has("dh"),
  "dpkg-buildpackage": has("dpkg-buildpackage"),
};
const units = ["datascrubber.service", "datascrubber@.service"] as const;
const names = [...units, "datascrubber.timer"];

const folder = await Deno.makeTempDir();
Deno.test.afterAll(() => Deno.remove(folder, { recursive: true }));
const deb = Object.values(needs).every(Boolean) ? await build() : "";

async function build(): Promise<string> {
  const { path: executable, packages } = await testedExecutable();
  const architecture = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
  return await debianPackage({ executable, packages, architecture, folder, compression: "-Zgzip -z1" });
}

/** Another package, of a few files, made from a tree that dpkg-deb can read. */
async function pack(tree: string, control: string): Promise<string> {
  await Deno.mkdir(`${tree}/DEBIAN`, { recursive: true });
  await Deno.writeTextFile(`${tree}/DEBIAN/control`, control);
  await Deno.chmod(`${tree}/DEBIAN`, 0o755);
  await run("dpkg-deb", ["--root-owner-group", "-Zgzip", "-z1", "--build", tree, `${tree}.deb`]);
  return `${tree}.deb`;
}

/** The package as the next version. */
async function nextVersion(): Promise<string> {
  await run("dpkg-deb", ["--raw-extract", deb, `${folder}/next`]);
  const control = await Deno.readTextFile(`${folder}/next/DEBIAN/control`);
  return await pack(`${folder}/next`, control.replace(/^Version: .*/m, "Version: 99.0.0"));
}

/** What the original's package was called. */
async function original(): Promise<string> {
  await Deno.mkdir(`${folder}/original/usr/bin`, { recursive: true });
  await Deno.writeTextFile(`${folder}/original/usr/bin/datascrubber`, "#!/bin/sh\n", { mode: 0o755 });
  const control = ["Package: govuk-datascrubber", "Version: 1.0", "Architecture: all", "Maintainer: x <x@example.com>"];
  return await pack(`${folder}/original`, [...control, "Description: the original", ""].join("\n"));
}

testWith(needs, "the other architecture's package is built here too, without its tools", async (t) => {
  const architecture = Deno.build.arch === "aarch64" ? "amd64" : "arm64";
  // Debian's tools look at the header alone: whose machine it is decides which tools they would want.
  const program = await Deno.readFile("/bin/true");
  new DataView(program.buffer).setUint16(0x12, architecture === "arm64" ? 0xb7 : 0x3e, true);
  const executable = `${folder}/${architecture}`;
  await Deno.writeFile(executable, program);
  const what = { executable, packages: [], architecture, compression: "-Zgzip -z1" } as const;
  const made = await debianPackage({ ...what, folder });
  assertEquals((await run("dpkg-deb", ["--field", made, "Architecture"])).trim(), architecture);
  await t.step("and is the same when it is built again", async () => {
    assertEquals(await sha256(await debianPackage({ ...what, folder: `${folder}/again` })), await sha256(made));
  });
});

testWith({ ...needs, lintian: has("lintian") }, "lintian has nothing to say", async () => {
  const { code, stdout } = await new Deno.Command("lintian", {
    args: ["--fail-on", "error,warning", "--allow-root", deb],
  })
    .output();
  assertEquals([code, new TextDecoder().decode(stdout)], [0, ""]);
});

testWith(
  { ...needs, root: isRoot, debootstrap: has("debootstrap") },
  "in a bare Debian it replaces the original, runs, is upgraded, removed and purged without a trace",
  async (t) => {
    await using debian = await debianRoot();
    if (debian === undefined) throw new Error("debootstrap could not make a root: is a Debian mirror within reach?");
    const install = async (file: string) => {
      await Deno.copyFile(file, `${debian.path}/tmp/package.deb`);
      const { code, stdout, stderr } = await debian.run("dpkg", "--install", "/tmp/package.deb");
      assertEquals(code, 0, stdout + stderr);
    };
    const { run } = debian;
    const before = await debian.files();
    await install(await original());
    await install(deb);
    await t.step("the original is gone", async () => {
      const { stdout } = await run("dpkg-query", "--show", "--showformat=${db:Status-Abbrev}", "govuk-datascrubber");
      assert(!stdout.startsWith("ii"), stdout);
    });
    await t.step("datascrubber --help works", async () => {
      const { code, stdout, stderr } = await run("datascrubber", "--help");
      assertEquals([code, stderr], [0, ""]);
      assertStringIncludes(stdout, "--postgresql-snapshots");
    });
    await t.step("datascrubber --version names the package's version", async () => {
      assertStringIncludes((await run("/usr/bin/datascrubber", "--version")).stdout, `datascrubber ${version} (`);
    });
    await t.step("the schema that it brings is the program's", async () => {
      const file = `${debian.path}/usr/share/datascrubber/datascrubber.schema.json`;
      assertEquals(await Deno.readTextFile(file), configSchema());
    });
    await t.step("nothing is enabled", async () => {
      const { code } = await run("test", "-e", "/etc/systemd/system/timers.target.wants/datascrubber.timer");
      assertEquals(code, 1);
    });
    await t.step("an upgrade keeps what was changed in its configuration", async () => {
      const file = `${debian.path}/etc/datascrubber/datascrubber.env`;
      await Deno.writeTextFile(file, "DATASCRUBBER_REGION=eu-west-1\n");
      await install(await nextVersion());
      assertEquals(await Deno.readTextFile(file), "DATASCRUBBER_REGION=eu-west-1\n");
    });
    await t.step("removed, only its configuration is left", async () => {
      assertEquals((await run("dpkg", "--remove", "datascrubber")).code, 0);
      const left = (await debian.files()).filter((file) => !before.includes(file));
      assertEquals(
        left.filter((file) => !/^\/etc\/(datascrubber|systemd\/system)/.test(file) && !/deb-systemd/.test(file)),
        [],
      );
    });
    await t.step("purged, nothing is left, nor what runs kept", async () => {
      for (const state of ["datascrubber", "datascrubber-nightly"]) {
        await Deno.mkdir(`${debian.path}/var/lib/private/${state}`, { recursive: true });
        await Deno.symlink(`private/${state}`, `${debian.path}/var/lib/${state}`);
      }
      assertEquals((await run("dpkg", "--purge", "datascrubber", "govuk-datascrubber")).code, 0);
      const after = await debian.files();
      // The folders are systemd's and its helper's own.
      const others = [
        "/var/lib/private",
        "/var/lib/systemd/deb-systemd-helper-enabled",
        "/var/lib/systemd/deb-systemd-helper-masked",
      ];
      assertEquals(after.filter((file) => !before.includes(file) && !others.includes(file)), []);
    });
  },
);

for (const unit of names) {
  testWith({ "systemd-analyze": has("systemd-analyze") }, `${unit} passes systemd-analyze verify`, async () => {
    const { code, stderr } = await analyse("verify", unit);
    assertEquals([code, stderr], [0, ""]);
  });
}

for (const unit of units) {
  testWith({ "systemd-analyze": has("systemd-analyze") }, `${unit} is exposed by 2.0 at most`, async () => {
    const { code, stdout } = await analyse("security", unit, "--offline=true", "--threshold=20");
    assertEquals(code, 0, stdout);
  });

  Deno.test(`${unit} waits until the workspace is gone, and takes that for success`, async () => {
    const text = await Deno.readTextFile(`${root}/scripts/package/debian/${unit}`);
    for (
      const line of [
        "TimeoutStopSec=25min",
        "SuccessExitStatus=143",
        "KillSignal=SIGTERM",
        "Restart=no",
        "DynamicUser=yes",
      ]
    ) {
      assertStringIncludes(text, `\n${line}\n`);
    }
  });
}

for (
  const [code, sweeps] of [["killed", true], ["dumped", true], ["exited", false], [undefined, false]] as const
) {
  for (const unit of units) {
    Deno.test(`${unit} ${sweeps ? "sweeps" : "does nothing"} behind a process that was ${code ?? "never there"}`, async () => {
      const text = await Deno.readTextFile(`${root}/scripts/package/debian/${unit}`);
      const [, script = ""] = /^ExecStopPost=-!?\/bin\/sh -c '(.*)'$/m.exec(text) ?? [];
      const { success, stdout } = await new Deno.Command("/bin/sh", {
        args: ["-c", script.replaceAll("$$", "$").replace("/usr/bin/datascrubber", "printf '%s\\n'")],
        clearEnv: true,
        env: { INVOCATION_ID: "0a1b", PATH: "/bin", ...(code !== undefined && { EXIT_CODE: code }) },
      }).output();
      const words = new TextDecoder().decode(stdout).split("\n").slice(0, 3);
      assertEquals([success, ...words], [true, ...(sweeps ? ["sweep", "--run", "0a1b"] : [""])]);
    });
  }
}

/** Asks systemd about a unit, whose program need not be installed here. */
async function analyse(what: string, unit: string, ...args: readonly string[]) {
  const units = await Deno.makeTempDir();
  try {
    for (const name of names) {
      const text = await Deno.readTextFile(`${root}/scripts/package/debian/${name}`);
      await Deno.writeTextFile(
        `${units}/${name.replace("@.", "@nightly.")}`,
        text.replace("=/usr/bin/datascrubber", "=/bin/true"),
      );
    }
    const path = `${units}/${unit.replace("@.", "@nightly.")}`;
    const { code, stdout, stderr } = await new Deno.Command("systemd-analyze", {
      args: [what, ...(what === "verify" ? ["--man=no"] : ["--no-pager"]), ...args, path],
      env: { LC_ALL: "C" },
    }).output();
    return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
  } finally {
    await Deno.remove(units, { recursive: true });
  }
}

Deno.test("the environment file has every variable, and sets none", () => {
  const text = environmentFile();
  const rows: readonly Option[] = options;
  const wanted = rows.flatMap((option) => environmentVariable(option) ?? []);
  assertEquals([...text.matchAll(/^#(DATASCRUBBER_\w+)=\S/gm)].map(([, name]) => name), wanted);
  assertEquals(text.split("\n").filter((line) => line !== "" && !line.startsWith("#")), []);
});

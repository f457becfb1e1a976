/** The package's units under a systemd that was booted: what becomes of runs, and what the journal says of them. @module */

import { assertEquals, assertMatch } from "@std/assert";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";
import { debianPackage } from "../../scripts/package/debian_package.ts";
import { instances, leftIn, receiver, smallStage } from "../end_to_end/stage.ts";
import { boot, type Booted, canBoot } from "./booted.ts";
import { testedExecutable } from "./executable.ts";
import { type DebianRoot, debianRoot } from "./debian_root.ts";
import { canCompile, has, isRoot, testWith } from "./tools.ts";

const needs = {
  "DENO_BIN and DENORT_BIN": canCompile,
  "dpkg-buildpackage": has("dh") && has("dpkg-buildpackage"),
  root: isRoot,
  debootstrap: has("debootstrap"),
  "unshare and nsenter": has("unshare") && has("nsenter"),
  "control groups (v2)": await canBoot(),
};

const service = "datascrubber.service";
const nightly = "datascrubber@nightly.service";
const informational = "6";
const problem = "3";

/** A machine with the package installed, and a local RDS that it reaches. */
class Machine {
  readonly #booted: Booted;
  readonly #root: string;
  readonly #rds: LocalRds;

  constructor(booted: Booted, root: string, rds: LocalRds) {
    [this.#booted, this.#root, this.#rds] = [booted, root, rds];
  }

  /** Writes the file of the service's environment. */
  async configure(variables: Readonly<Record<string, string>>): Promise<void> {
    const all = { ...this.#rds.environment, ...variables, DATASCRUBBER_TLS_CA: "/etc/ca.pem" };
    const lines = Object.entries({ ...all, DATASCRUBBER_POLL_INTERVAL: "0.02" }).map(([name, value]) =>
      `${name}=${value}\n`
    );
    await Deno.writeTextFile(`${this.#root}/etc/datascrubber/datascrubber.env`, lines.join(""));
  }

  systemctl(...words: readonly string[]): Promise<string> {
    return this.#booted.run("systemctl", ...words);
  }

  /** The unit's state, and how its last run ended. */
  async stateOf(unit: string): Promise<readonly string[]> {
    const text = await this.systemctl("show", "--property=ActiveState,Result", unit);
    return text.trim().split("\n").map((line) => line.replace(/^.*=/, "")).toSorted();
  }

  /** What a unit logged while something went on, with priorities. */
  async logOf(unit: string, work: () => Promise<unknown>): Promise<readonly (readonly [string, string])[]> {
    const [, cursor = ""] = /^-- cursor: (\S+)$/m.exec(
      await this.#booted.run("journalctl", "--lines=1", "--show-cursor"),
    ) ?? [];
    await work();
    await this.#booted.run("journalctl", "--sync");
    const text = await this.#booted.run("journalctl", `--after-cursor=${cursor}`, `--unit=${unit}`, "--output=json");
    return text.trim().split("\n").map((line) => JSON.parse(line))
      .filter((entry) => entry._COMM === "datascrubber")
      .map((entry) => [String(entry.PRIORITY), String(entry.MESSAGE)] as const);
  }
}

async function install(debian: DebianRoot): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const { path: executable, packages } = await testedExecutable();
    const architecture = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
    const deb = await debianPackage({ executable, packages, architecture, folder, compression: "-Zgzip -z1" });
    await Deno.copyFile(deb, `${debian.path}/tmp/package.deb`);
    const { code, stdout, stderr } = await debian.run("dpkg", "--install", "/tmp/package.deb");
    assertEquals(code, 0, stdout + stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

testWith(needs, "under a running systemd", async (t) => {
  await using debian = await debianRoot(["systemd"]);
  if (debian === undefined) throw new Error("debootstrap could not make a root: is a Debian mirror within reach?");
  await install(debian);
  await using rds = await smallStage();
  await Deno.writeTextFile(`${debian.path}/etc/ca.pem`, rds.ca);
  await using booted = await boot(debian.path);
  const machine = new Machine(booted, debian.path, rds);

  await t.step("a run that is done leaves a clean unit, and nothing above information in the journal", async () => {
    await machine.configure({
      DATASCRUBBER_POSTGRESQL_INSTANCES: instances.postgresql,
      DATASCRUBBER_SHARE_WITH: receiver,
      DATASCRUBBER_REPORT: "/var/lib/datascrubber/report.json",
    });
    const log = await machine.logOf(service, () => machine.systemctl("start", service));
    assertEquals(await machine.stateOf(service), ["inactive", "success"]);
    assertEquals(log.filter(([priority]) => priority !== informational), []);
    assertMatch(log.map(([, message]) => message).join("\n"), /^1 of 1 source done/m);
    assertEquals(Object.values((await leftIn(rds)).shares), [[receiver]]);
    await booted.run("test", "-s", "/var/lib/datascrubber/report.json");
  });

  for (
    const [what, variables, said] of [
      ["fails", { DATASCRUBBER_POSTGRESQL_INSTANCES: "nobody-knows" }, /there is no instance "nobody-knows"/],
      ["is configured wrongly", { DATASCRUBBER_SHARE_WITH: receiver }, /^Cannot start: no source was named/],
    ] as const
  ) {
    await t.step(`a run that ${what} leaves a failed unit, and its reason as an error`, async () => {
      await machine.configure(variables);
      const log = await machine.logOf(service, () => machine.systemctl("start", service).catch(() => {}));
      assertEquals(await machine.stateOf(service), ["exit-code", "failed"]);
      assertMatch(log.find(([priority]) => priority === problem)?.[1] ?? "", said);
      await machine.systemctl("reset-failed", service);
    });
  }

  await t.step("systemctl stop has the workspace deleted, and the unit is clean", async () => {
    rds.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { ends: "creating" } });
    await machine.configure({ DATASCRUBBER_POSTGRESQL_INSTANCES: instances.postgresql });
    const log = await machine.logOf(service, async () => {
      await machine.systemctl("start", "--no-block", service);
      while (rds.workspaces().length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      await machine.systemctl("stop", service);
    });
    assertEquals(await machine.stateOf(service), ["inactive", "success"]);
    assertMatch(log.map(([, message]) => message).join("\n"), /Cannot go on: stopped by SIGTERM/);
    assertEquals((await leftIn(rds)).workspaces, []);
  });

  /** Starts a unit, and kills its program outright in the middle, while its heartbeat is fresh. */
  const kill = async (unit: string) => {
    rds.faults.add({ action: "RestoreDBInstanceFromDBSnapshot", what: { ends: "creating" } });
    await machine.systemctl("start", "--no-block", unit);
    while (rds.workspaces().length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await machine.systemctl("kill", "--kill-whom=main", "--signal=SIGKILL", unit);
    while ((await machine.stateOf(unit))[0] !== "failed") await new Promise((resolve) => setTimeout(resolve, 50));
  };

  await t.step("a run that is killed leaves a failed unit, and no workspace", async () => {
    await machine.configure({ DATASCRUBBER_POSTGRESQL_INSTANCES: instances.postgresql });
    const log = await machine.logOf(service, () => kill(service));
    assertEquals(await machine.stateOf(service), ["failed", "signal"]);
    assertMatch(log.map(([, message]) => message).join("\n"), /^deleted instance "scrubber-postgres-\w+"/m);
    assertEquals((await leftIn(rds)).workspaces, []);
    await machine.systemctl("reset-failed", service);
  });

  await t.step("a job of a file that only root can read runs beside it", async () => {
    const words = ["postgresql-instances: nobody-knows", "dry-run: true"];
    const file = `${debian.path}/etc/datascrubber/nightly.yaml`;
    await Deno.writeTextFile(file, `${words.join("\n")}\n`, { mode: 0o600 });
    const more = `${debian.path}/etc/systemd/system/${nightly}.d`;
    await Deno.mkdir(more, { recursive: true });
    const lines = Object.entries(rds.environment).map(([name, value]) => `Environment=${name}=${value}\n`);
    await Deno.writeTextFile(`${more}/aws.conf`, `[Service]\n${lines.join("")}`);
    await machine.systemctl("daemon-reload");
    const log = await machine.logOf(nightly, () => machine.systemctl("start", nightly).catch(() => {}));
    assertMatch(log.find(([priority]) => priority === problem)?.[1] ?? "", /there is no instance "nobody-knows"/);
    await machine.systemctl("reset-failed", nightly);
  });

  await t.step("a job that is killed leaves no workspace either: what sweeps behind it reads its file", async () => {
    const words = [`postgresql-instances: ${instances.postgresql}`, `region: ${rds.region}`, "poll-interval: 0.02"];
    const file = `${debian.path}/etc/datascrubber/nightly.yaml`;
    await Deno.writeTextFile(file, `${words.join("\n")}\n`, { mode: 0o600 });
    const more = `${debian.path}/etc/systemd/system/${nightly}.d`;
    // Only the file says where.
    const { AWS_REGION: _, ...environment } = rds.environment;
    const lines = Object.entries(environment).map(([name, value]) => `Environment=${name}=${value}\n`);
    await Deno.writeTextFile(`${more}/aws.conf`, `[Service]\n${lines.join("")}`);
    await machine.systemctl("daemon-reload");
    await kill(nightly);
    assertEquals(await machine.stateOf(nightly), ["failed", "signal"]);
    assertEquals((await leftIn(rds)).workspaces, []);
  });
});

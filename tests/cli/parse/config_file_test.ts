/** Configuration files: the same as the command line, below it and the environment, and refused where in doubt. @module */

import { generateKeyPairSync } from "node:crypto";
import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { configSchema } from "../../../lib/cli/help/config_schema.ts";
import type { Command } from "../../../lib/cli/settings/command.ts";
import { exampleReport } from "../../report/example_report.ts";
import { builtInPrices } from "../../../lib/report/estimate/prices.ts";
import type { Files } from "../../../lib/cli/parse/files.ts";
import type { Option } from "../../../lib/cli/options/option.ts";
import { options } from "../../../lib/cli/options/options.ts";
import type { Settings } from "../../../lib/core/settings.ts";
import { ScrubError } from "../../../lib/core/errors.ts";

const pem = `-----BEGIN CERTIFICATE-----\n${
  new Uint8Array([0x30, 0x82, 0x01, 0x00, ...new Uint8Array(256)]).toBase64()
}\n-----END CERTIFICATE-----\n`;

const signKey = String(generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }));

function filesWith(config: string | Uint8Array<ArrayBuffer>): Files {
  const contents: Readonly<Record<string, string | Uint8Array<ArrayBuffer>>> = {
    "c.yaml": config,
    "ca.pem": pem,
    "key": "0123456789abcdef0123456789abcdef",
    "reviewed.json": "{}",
    "orders.yaml": "database: orders\nengine: mysql\n",
    "shops.yaml": "database: shops\nengine: mysql\n",
    "sign.pem": signKey,
    "previous.json": JSON.stringify(exampleReport),
    "prices.json": JSON.stringify(builtInPrices()),
  };
  return {
    read(path) {
      const found = contents[path];
      if (found === undefined) return Promise.reject(new Deno.errors.NotFound(path));
      return Promise.resolve(typeof found === "string" ? new TextEncoder().encode(found) : found);
    },
    mode: () => Promise.resolve(0o600),
    list: (path) => path in contents ? Promise.resolve(undefined) : Promise.reject(new Deno.errors.NotFound()),
    tryToWrite: () => Promise.resolve(),
  };
}

async function settings(
  config: string,
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Settings> {
  const command = await parseCommandLine(["--config", "c.yaml", ...args], environment, filesWith(config));
  if (command.command !== "scrub") throw new Error(`not a scrub: ${command.command}`);
  return command.settings;
}

async function refusal(config: string | Uint8Array<ArrayBuffer>, args: readonly string[] = ["--config", "c.yaml"]) {
  const error = await assertRejects(() => parseCommandLine(args, {}, filesWith(config)), ScrubError);
  assertEquals(error.kind, "usage");
  assertMatch(error.message, /^Cannot [^\n]+: [^\n]+$/);
  return `${error.message}\n${error.hint}`;
}

/** A value for each option that takes one of its own. */
const values: Readonly<Record<string, string | readonly string[]>> = {
  "mysql-hosts": ["a", "b.example"],
  "mysql-instances": "a",
  "mysql-snapshots": "rds:a-2026-11-24-03-00",
  "postgresql-hosts": "a",
  "postgresql-instances": ["a", "b"],
  "postgresql-snapshots": "s",
  "region": "eu-west-1",
  "dns-server": "192.0.2.53:5353",
  "keep-database": ["fonts", "source/true"],
  "drop-database": "1e3",
  "share-with": ["012345678901", "123456789012"],
  "refresh": "staging",
  "copy-to": ["eu-central-1:alias/copies", "us-east-1"],
  "security-groups": ["sg-1", "sg-2"],
  "tls-ca": "ca.pem",
  "pseudonym-key-file": "key",
  "rules": ["orders.yaml", "shops.yaml"],
  "reviewed": "reviewed.json",
  "sign-key": "sign.pem",
  "sign-kms-key": "alias/signing",
  "previous": "previous.json",
  "prices": "prices.json",
  "s3-export": "s3://bucket/prefix",
  "kms-key": "alias/scrubbed",
  "warm": "8",
  "s3-kms-key": "alias/dumps",
  "instance-class": "db.t4g.large",
  "finish-by": "06:00",
  "icinga-host": "icinga.example:5667",
  "notify": "https://notify.example/hook",
};

function valuesOf(option: Option): readonly string[] {
  if (option.kind === "flag") return ["true"];
  if (option.kind === "choice") return option.choices.slice(-1);
  if (option.kind === "number" || option.kind === "duration") return [String(option.most)];
  return [values[option.name] ?? "some-value"].flat();
}

/** Two imports of a key that can't be exported are never equal. */
function comparable(command: Command): unknown {
  return command.command === "scrub" ? { ...command, signKey: command.signKey?.type } : command;
}

for (const option of options.filter((option: Option) => !option.notInFile) satisfies readonly Option[]) {
  if (option.name === "url") continue; // no run takes it
  const given = valuesOf(option);
  Deno.test(`--${option.name} means the same in a file as on the command line`, async () => {
    const behind = /^(s3-(?!export)|pg-dump|mysql-?dump)/.test(option.name)
      ? ["--s3-export", "s3://bucket"]
      : /^(pg-restore|mysql-client)$/.test(option.name)
      ? ["--rebuild"]
      : /^(icinga-config|send-nsca)$/.test(option.name)
      ? ["--icinga-host", "icinga.example"]
      : option.name === "sign-key" || option.name === "sign-kms-key"
      ? ["--report", "run.json"]
      : [];
    const source = option.name === "protected"
      ? ["scrub", "--url", "mysql://me@localhost/some-value"]
      : option.group === "Sources" && /^(mysql|postgresql)-/.test(option.name)
      ? []
      : ["--postgresql-hosts", "x"];
    const typed = await parseCommandLine(
      [...source, ...behind, `--${option.name}`, ...(option.kind === "flag" ? [] : given)],
      {},
      filesWith(""),
    );
    const text = given.length > 1 ? `${option.name}: [${given.join(", ")}]` : `${option.name}: ${given.join("")}`;
    const filed = await parseCommandLine([...source, ...behind, "--config", "c.yaml"], {}, filesWith(text));
    assertEquals(comparable(filed), comparable(typed));
  });
}

Deno.test("the command line wins over the environment, and that over the file", async () => {
  const file = "mysql-hosts: x\nregion: eu-west-1\nsnapshot-retention: 1\ntimeout: 1\n";
  const environment = { DATASCRUBBER_REGION: "eu-west-2", DATASCRUBBER_SNAPSHOT_RETENTION: "2" };
  const { region, snapshotRetention, timeout } = await settings(file, ["--region", "eu-west-3"], environment);
  assertEquals([region, snapshotRetention, timeout], ["eu-west-3", 2, 60_000]);
});

Deno.test("an engine's sources come from the strongest place that names any", async () => {
  const file = "mysql-instances: x\npostgresql-instances: y\n";
  const { sources } = await settings(file, [], { DATASCRUBBER_MYSQL_HOSTS: "z" });
  assertEquals(sources.map(({ kind, value }) => `${kind} ${value}`), ["host z", "instance y"]);
});

const sized = `
postgresql-instances: [orders, blog]
instance-class: db.m6g.large
subnet-group: scrubbing
workspaces:
  Orders: { instance-class: db.r6g.xlarge, allocated-storage: 600, security-groups: [sg-1] }
`;

Deno.test("a source's own settings take the place of the file's for all", async () => {
  const { workspace, workspaces } = await settings(sized);
  assertEquals([workspace.instanceClass, workspace.allocatedStorage], ["db.m6g.large", undefined]);
  assertEquals(workspaces, {
    orders: {
      ...workspace,
      instanceClass: "db.r6g.xlarge",
      subnetGroup: "scrubbing",
      securityGroups: ["sg-1"],
      allocatedStorage: 600,
    },
  });
});

Deno.test("the command line and the environment win over a source's own settings, too", async () => {
  const environment = { DATASCRUBBER_ALLOCATED_STORAGE: "700" };
  const { workspaces } = await settings(sized, ["--instance-class", "db.r6g.large"], environment);
  const { instanceClass, allocatedStorage } = workspaces?.orders ?? {};
  assertEquals([instanceClass, allocatedStorage], ["db.r6g.large", 700]);
});

Deno.test("a file may have settings of sources that another place does not name", async () => {
  const { workspaces } = await settings(sized, ["--postgresql-instances", "blog"]);
  assertEquals(Object.keys(workspaces ?? {}), ["orders"]);
});

Deno.test("a flag that the environment denies is off whatever the file says", async () => {
  const environment = { DATASCRUBBER_DRY_RUN: "false" };
  assertEquals((await settings("mysql-hosts: x\ndry-run: true\n", [], environment)).dryRun, false);
});

Deno.test("a flag may be false in a file", async () => {
  assertEquals((await settings("mysql-hosts: x\ndry-run: false\n")).dryRun, false);
});

Deno.test("DATASCRUBBER_CONFIG names the file", async () => {
  const command = await parseCommandLine([], { DATASCRUBBER_CONFIG: "c.yaml" }, filesWith("mysql-hosts: x"));
  assertEquals(command.command, "scrub");
});

for (
  const [what, config, why] of [
    ["an unknown option", "mysql-host: x", 'line 1: there is no option "mysql-host"\nDid you mean mysql-hosts?'],
    ["dashes", "--mysql-hosts: x", "Did you mean mysql-hosts?"],
    ["another file inside", "config: d.yaml", "line 1: --config can't be set in a file"],
    ["help", "help: true", "can't be set in a file"],
    ["a value that is missing", "mysql-hosts:", "neither one value nor a list"],
    ["a value that is null", "mysql-hosts: ~", "neither one value nor a list"],
    ["an empty text", 'region: ""', "not one value"],
    ["an empty list", "mysql-hosts: []", "neither one value nor a list"],
    ["a list for one value", "region: [eu-west-1]", "not one value"],
    ["a list in a list", "mysql-hosts: [[x]]", "neither one value nor a list"],
    ["a map for a value", "mysql-hosts: {a: b}", "neither one value nor a list"],
    ["yes for a flag", "dry-run: yes", "neither true nor false"],
    ["a list for a flag", "dry-run: [true]", "neither true nor false"],
    ["no number", "mysql-hosts: x\ntimeout: soon", 'timeout in "c.yaml"'],
    ["a number out of range", "mysql-hosts: x\ntimeout: -1", "is not within"],
    ["a word that is no choice", "mysql-hosts: x\nlog-mode: journal", "is not one of console, syslog"],
    ["the same key twice", "region: a\nregion: b", "line 2"],
    ["an alias", "region: &r eu-west-1\nmysql-hosts: *r", "neither one value nor a list"],
    ["a tag", "mysql-hosts: !!binary aGk=", "line 1: a value begins with !, which means a tag"],
    ["two documents", "region: a\n---\nregion: b", "--- begins a second document"],
    ["text that is no YAML", "region: [", "or a bracket is not closed"],
    ["a list of options", "- region", "not a list of options"],
    ["no sources under workspaces", "workspaces: [orders]", "line 1: workspaces is not a list of instances with"],
    ["a source without options", "workspaces:\n  orders: db.m6g.large", 'line 2: "orders" has no options'],
    ["no instance's name", "workspaces: { my_db: { iops: 3000 } }", "a key is not the identifier of an instance"],
    ["a source twice", "workspaces:\n  a: { iops: 3000 }\n  A: { iops: 3000 }", 'line 3: "a" was named twice'],
    [
      "an option that is for all sources",
      "workspaces: { orders: { timeout: 5 } }",
      "timeout can't be set for a single source\nSet it for all, or one of instance-class,",
    ],
    [
      "a source's number out of range",
      "mysql-hosts: x\nworkspaces: { orders: { iops: 1 } }",
      'iops of "orders" in "c.yaml": "1" is not within 1000 to 256000',
    ],
    [
      "a source that the file does not name itself",
      "mysql-instances: [orders]\nworkspaces: { order: { iops: 3000 } }",
      'workspaces of "order": the file names no such source\nDid you mean orders?',
    ],
    ["a control character", 'region: "a\\x01"', "control character"],
  ] as const
) {
  Deno.test(`a file with ${what} is refused`, async () => assertStringIncludes(await refusal(config), why));
}

Deno.test("a file that is not UTF-8 is refused", async () => {
  assertStringIncludes(await refusal(new Uint8Array([0xff, 0xfe])), "not text in UTF-8");
});

Deno.test("a file that is missing is refused", async () => {
  assertStringIncludes(await refusal("", ["--config", "d.yaml"]), 'Cannot read --config: "d.yaml" does not exist');
});

Deno.test("config check says that a file can be used", async () => {
  const command = await parseCommandLine(["config", "check", "c.yaml"], {}, filesWith("mysql-hosts: x"));
  assertEquals(command, { command: "text", text: '"c.yaml" can be used\n' });
});

Deno.test("config check says that a file names no source", async () => {
  const command = await parseCommandLine(["config", "check", "c.yaml"], {}, filesWith("# nothing yet\n"));
  assertStringIncludes(command.command === "text" ? command.text : "", "names no source");
});

Deno.test("config check asks nothing of the environment", async () => {
  const environment = { DATASCRUBBER_TIMEOUT: "soon" };
  const refused = parseCommandLine(["config", "check", "c.yaml"], environment, filesWith("timeout: later"));
  assertStringIncludes((await assertRejects(() => refused, ScrubError)).message, 'timeout in "c.yaml"');
});

for (const [config, why] of [["tls-ca: gone.pem", "gone.pem"], ["share-with: [123456789]", "12 digits"]] as const) {
  Deno.test(`config check refuses ${config}`, async () => {
    assertStringIncludes(await refusal(config, ["config", "check", "c.yaml"]), why);
  });
}

Deno.test("the JSON Schema has every option that a file may set, and nothing else", () => {
  const { properties, additionalProperties } = JSON.parse(configSchema());
  assertEquals(additionalProperties, false);
  const rows: readonly Option[] = options;
  const { workspaces, ...ofAll } = properties;
  assertEquals(Object.keys(ofAll), rows.filter(({ notInFile }) => !notInFile).map(({ name }) => name));
  const ofOne = workspaces.additionalProperties;
  assertEquals(ofOne.additionalProperties, false);
  assertEquals(Object.keys(ofOne.properties), rows.filter(({ perSource }) => perSource).map(({ name }) => name));
  for (const option of rows) {
    if (option.kind === "choice" && !option.notInFile) assertEquals(properties[option.name].enum, option.choices);
  }
});

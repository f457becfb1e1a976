/** The command line: what it takes, what it comes to, and everything that it refuses. @module */

import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import type { Command } from "../../lib/cli/settings/command.ts";
import { parseCommandLine } from "../../lib/cli/command_line.ts";
import type { Files } from "../../lib/cli/parse/files.ts";
import type { Settings } from "../../lib/core/settings.ts";
import { ScrubError } from "../../lib/core/errors.ts";

const der = new Uint8Array([0x30, 0x82, 0x01, 0x00, ...new Uint8Array(256)]);
const pem = `-----BEGIN CERTIFICATE-----\n${der.toBase64()}\n-----END CERTIFICATE-----\n`;
const keyText = "0123456789abcdef0123456789abcdef";

const contents: Readonly<Record<string, string>> = {
  "ca.pem": `comment\n${pem}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n${pem}`,
  "cut.pem": `-----BEGIN CERTIFICATE-----\n${der.toBase64().slice(0, 40)}\n-----END CERTIFICATE-----\n`,
  "text.txt": "hello",
  "key": keyText,
  "key-with-newline": `${keyText}\n`,
  "key-with-two": `${keyText}\n\n`,
  "short-key": `${keyText.slice(1)}\n`,
  "nightly.yaml": "share-with: ['123456789012']\nsnapshot-retention: 2\nsnapshot-timeout: 3h\nreport: run.json\n",
};

const files: Files = {
  read(path) {
    const text = contents[path];
    return text === undefined
      ? Promise.reject(new Deno.errors.NotFound(path))
      : Promise.resolve(new TextEncoder().encode(text));
  },
  mode: () => Promise.resolve(0o600),
  list: () => Promise.reject(new Deno.errors.NotFound()),
  tryToWrite: (path) => path.startsWith("gone/") ? Promise.reject(new Deno.errors.NotFound()) : Promise.resolve(),
};

function parse(line: string | readonly string[], environment: Record<string, string> = {}): Promise<Command> {
  return parseCommandLine(typeof line === "string" ? line.split(" ").filter(Boolean) : line, environment, files);
}

async function settings(line: string | readonly string[], environment: Record<string, string> = {}): Promise<Settings> {
  const command = await parse(line, environment);
  if (command.command !== "scrub") throw new Error(`not a scrub: ${command.command}`);
  return command.settings;
}

Deno.test("parseCommandLine() gives the documented defaults", async () => {
  const { tlsCa, ...rest } = await settings("--mysql-hosts db");
  assertMatch(tlsCa, /^-----BEGIN CERTIFICATE-----/);
  assertEquals(rest, {
    sources: [{ engine: "mysql", kind: "host", value: "db" }],
    region: undefined,
    shareWith: [],
    copyTo: [],
    refresh: undefined,
    snapshotRetention: 5,
    unknownDatabases: "refuse",
    keepDatabases: [],
    dropDatabases: [],
    onDrift: "refuse",
    reviewed: {},
    ruleFiles: [],
    workspace: {
      instanceClass: undefined,
      finishBy: undefined,
      subnetGroup: undefined,
      securityGroups: undefined,
      parameterGroup: undefined,
      optionGroup: undefined,
      storageType: undefined,
      iops: undefined,
      storageThroughput: undefined,
      allocatedStorage: undefined,
    },
    logMode: undefined,
    logLevel: "INFO",
    logFormat: "text",
    timeout: 90 * 60_000,
    snapshotTimeout: 24 * 3_600_000,
    pollInterval: 20_000,
    dnsServer: undefined,
    dryRun: false,
    isolate: false,
    allowActive: false,
    report: undefined,
    reportHtml: undefined,
    metricsFile: undefined,
    icinga: undefined,
    notify: undefined,
    s3Export: undefined,
    heartbeat: 300_000,
    wait: false,
    kmsKey: undefined,
    signKmsKey: undefined,
    freshSnapshot: false,
    clone: false,
    maxAge: undefined,
    finalSnapshot: "delete",
    prove: false,
    rebuild: undefined,
    keepAccounts: false,
    pseudonymKeyFile: undefined,
    concurrency: undefined,
    leakSearch: undefined,
    warm: undefined,
  });
});

Deno.test("parseCommandLine() reads every option", async () => {
  const { tlsCa: _, ...rest } = await settings([
    ...["--postgresql-snapshots", "rds:a-1", "--mysql-instances", "b", "--region", "eu-west-2"],
    ...["--share-with", "123456789012", "--snapshot-retention", "0", "--unknown-databases", "drop"],
    ...["--keep-database", "orders/My Data/x", "--drop-database", "tmp", "--instance-class", "db.t4g.small"],
    ...["--subnet-group", "s", "--security-groups", "sg-1", "sg-2", "sg-1", "--parameter-group", "p"],
    ...[
      "--allow-active",
      "--option-group",
      "o",
      "--log-mode",
      "syslog",
      "--log-level",
      "WARNING",
      "--log-format",
      "json",
    ],
    ...["--timeout", "1.5", "--snapshot-timeout", "2", "--poll-interval", "0.05", "--dns-server", "127.0.0.1:5353"],
    ...["--dry-run", "--report", "r.json", "--pseudonym-key-file", "key", "--concurrency", "4", "--tls-ca", "ca.pem"],
    ...["--leak-search", "sample", "--storage-type", "GP3", "--iops", "16000"],
    ...["--storage-throughput", "1000", "--allocated-storage", "600"],
    ...["--report-html", "r.html", "--metrics-file", "r.prom", "--icinga-host", "monitoring.example"],
    ...["--notify", "https://hooks.example/x", "--s3-export", "s3://dumps/p", "--s3-format", "sql.zst"],
    ...["--s3-encryption", "AES256", "--warm", "16", "--finish-by", "06:00Z"],
    ...["--copy-to", "eu-central-1:arn:aws:kms:eu-central-1:123456789012:key/mrk-1", "us-east-1"],
  ]);
  assertEquals(rest, {
    sources: [
      { engine: "mysql", kind: "instance", value: "b" },
      { engine: "postgresql", kind: "snapshot", value: "rds:a-1" },
    ],
    region: "eu-west-2",
    shareWith: ["123456789012"],
    copyTo: [
      { region: "eu-central-1", kmsKey: "arn:aws:kms:eu-central-1:123456789012:key/mrk-1" },
      { region: "us-east-1" },
    ],
    refresh: undefined,
    snapshotRetention: 0,
    unknownDatabases: "drop",
    keepDatabases: [{ source: "orders", database: "My Data/x" }],
    dropDatabases: [{ database: "tmp" }],
    onDrift: "refuse",
    reviewed: {},
    ruleFiles: [],
    workspace: {
      instanceClass: "db.t4g.small",
      finishBy: { kind: "time of day", hour: 6, minute: 0, zone: "UTC" },
      subnetGroup: "s",
      securityGroups: ["sg-1", "sg-2"],
      parameterGroup: "p",
      optionGroup: "o",
      storageType: "gp3",
      iops: 16000,
      storageThroughput: 1000,
      allocatedStorage: 600,
    },
    logMode: "syslog",
    logLevel: "WARNING",
    logFormat: "json",
    timeout: 90_000,
    snapshotTimeout: 7_200_000,
    pollInterval: 50,
    dnsServer: "127.0.0.1:5353",
    dryRun: true,
    isolate: false,
    allowActive: true,
    report: "r.json",
    reportHtml: "r.html",
    metricsFile: "r.prom",
    icinga: { host: "monitoring.example", port: undefined, program: "send_nsca", config: undefined },
    notify: "https://hooks.example/x",
    s3Export: {
      bucket: "dumps",
      prefix: "p",
      format: "sql.zst",
      encryption: { algorithm: "AES256" },
      pgDump: "pg_dump",
      mysqldump: "mysqldump",
    },
    heartbeat: 300_000,
    wait: false,
    kmsKey: undefined,
    signKmsKey: undefined,
    freshSnapshot: false,
    clone: false,
    maxAge: undefined,
    finalSnapshot: "delete",
    prove: false,
    rebuild: undefined,
    keepAccounts: false,
    pseudonymKeyFile: "key",
    concurrency: 4,
    leakSearch: "sample",
    warm: 16,
  });
});

const values = (line: string, environment?: Record<string, string>) =>
  settings(line, environment).then(({ sources }) => sources.map(({ value }) => value));

for (
  const { name, line, environment, expected } of [
    { name: "several values behind a flag", line: "--mysql-hosts a b", expected: ["a", "b"] },
    { name: "a repeated flag, which adds", line: "--mysql-hosts a --mysql-hosts b c", expected: ["a", "b", "c"] },
    { name: "a value behind an equals sign", line: "--mysql-hosts=a --mysql-hosts b", expected: ["a", "b"] },
    { name: "instances in lower case, as RDS keeps them", line: "--mysql-instances Ab-1", expected: ["ab-1"] },
    {
      name: "automated snapshots",
      line: "--mysql-snapshots RDS:A-2026-11-24-03-00",
      expected: ["rds:a-2026-11-24-03-00"],
    },
    {
      name: "ARNs as they are",
      line: "--mysql-snapshots arn:aws:rds:eu-west-1:123456789012:snapshot:rds:Ab",
      expected: ["arn:aws:rds:eu-west-1:123456789012:snapshot:rds:Ab"],
    },
    {
      name: "a single label and a full name",
      line: "--mysql-hosts DB db.example.com.",
      expected: ["db", "db.example.com."],
    },
    { name: "the word scrub", line: "scrub --mysql-hosts a", expected: ["a"] },
    {
      name: "lists from the environment",
      line: "",
      environment: { DATASCRUBBER_MYSQL_HOSTS: " a, b c" },
      expected: ["a", "b", "c"],
    },
    {
      name: "a flag before the environment",
      line: "--mysql-hosts a",
      environment: { DATASCRUBBER_MYSQL_HOSTS: "b" },
      expected: ["a"],
    },
    {
      name: "a flag of another kind before the environment",
      line: "--mysql-hosts a",
      environment: { DATASCRUBBER_MYSQL_SNAPSHOTS: "b" },
      expected: ["a"],
    },
    {
      name: "an empty variable as none, and strangers' variables",
      line: "--mysql-hosts a",
      environment: {
        DATASCRUBBER_REGION: "",
        DATASCRUBBER_DENO: "x",
        DATASCRUBBER_MYSQLD: "x",
        DATASCRUBBER_POSTGRESQL: "x",
      },
      expected: ["a"],
    },
  ]
) {
  Deno.test(`parseCommandLine() takes ${name}`, async () => {
    assertEquals(await values(line, environment), expected);
  });
}

for (const [value, expected] of [["true", true], ["1", true], ["YES", true], ["false", false], ["0", false]] as const) {
  Deno.test(`parseCommandLine() takes ${value} in DATASCRUBBER_DRY_RUN`, async () => {
    assertEquals((await settings("--mysql-hosts a", { DATASCRUBBER_DRY_RUN: value })).dryRun, expected);
  });
}

Deno.test("parseCommandLine() folds accounts and databases that were given twice", async () => {
  const { shareWith, keepDatabases } = await settings([
    ...["--mysql-hosts", "a", "--share-with", "123456789012", "123456789012", "000000000001"],
    ...["--keep-database", "x", "S/x", "x", "s/x"],
  ]);
  assertEquals(shareWith, ["123456789012", "000000000001"]);
  assertEquals(keepDatabases, [{ database: "x" }, { source: "s", database: "x" }]);
});

Deno.test("parseCommandLine() takes 20 accounts", async () => {
  const accounts = Array.from({ length: 20 }, (_, at) => String(at).padStart(12, "0"));
  assertEquals((await settings(["--mysql-hosts", "a", "--share-with", ...accounts])).shareWith, accounts);
});

Deno.test("parseCommandLine() takes nothing but certificates from the CA file", async () => {
  assertEquals((await settings("--mysql-hosts a --tls-ca ca.pem")).tlsCa, pem.repeat(2));
});

for (const database of ["a b", "a\nb", "-x", "ü", "a/b/c"]) {
  Deno.test(`parseCommandLine() takes the database name ${JSON.stringify(database)}`, async () => {
    const { keepDatabases } = await settings(["--mysql-hosts", "a", `--keep-database=s/${database}`]);
    assertEquals(keepDatabases, [{ source: "s", database }]);
  });
}

for (const [file, sameAsKey] of [["key", true], ["key-with-newline", true], ["key-with-two", false]] as const) {
  Deno.test(`parseCommandLine() makes the key of ${file} ${sameAsKey ? "from" : "not only from"} its text`, async () => {
    const command = await parse(`--mysql-hosts a --pseudonym-key-file ${file}`);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(keyText)));
    assertEquals(command.command === "scrub" && command.key?.toHex() === digest.toHex(), sameAsKey);
  });
}

Deno.test("parseCommandLine() keeps the key out of the settings", async () => {
  const command = await parse("--mysql-hosts a --pseudonym-key-file key");
  if (command.command !== "scrub") throw new Error("not a scrub");
  const text = JSON.stringify(command.settings);
  assertEquals([text.includes(keyText), text.includes(command.key?.toHex() ?? keyText)], [false, false]);
});

for (
  const [line, command] of [
    ["--help", "help"],
    ["-h", "help"],
    ["--mysql-hosts a -h --dry-run", "help"],
    ["help", "help"],
    ["--version", "version"],
    ["-V", "version"],
  ] as const
) {
  Deno.test(`parseCommandLine() takes ${line}`, async () => {
    assertEquals(await parse(line), { command });
  });
}

Deno.test("parseCommandLine() takes help scrub", async () => {
  assertEquals(await parse("help scrub"), { command: "help", of: "scrub" });
});

for (
  const [line, why] of [
    ["plan --url mysql://me@localhost/orders --sample 3 --format json", /Cannot use --sample with --format json/],
    ["plan --url mysql://me@localhost/orders --show-values", /only --sample shows values/],
    ["plan --mysql-hosts a --sample 3", /Cannot use --sample with --mysql-hosts/],
  ] as const
) {
  Deno.test(`parseCommandLine() refuses ${line}`, async () => {
    const error = await assertRejects(() => parse(line), ScrubError);
    assertMatch(error.message, why);
  });
}

Deno.test("parseCommandLine() takes scrub before a run, whatever DATASCRUBBER_URL says", async () => {
  const { command } = await parse("scrub --mysql-hosts a", { DATASCRUBBER_URL: "mysql://me@localhost/orders" });
  assertEquals(command, "scrub");
});

for (
  const [line, environment] of [
    ["scrub --url mysql://me@localhost/orders", {
      DATASCRUBBER_MYSQL_HOSTS: "a",
      DATASCRUBBER_NOTIFY: "https://a.example",
    }],
    ["scrub", { DATASCRUBBER_URL: "mysql://me@localhost/orders", DATASCRUBBER_PROVE: "true" }],
  ] as readonly (readonly [string, Record<string, string>])[]
) {
  Deno.test(`parseCommandLine() takes ${line} with ${Object.keys(environment).join(" and ")} for a database by URL`, async () => {
    const command = await parse(line, environment);
    assert(command.command === "scrub url");
    const { sources, notify, shareWith, prove } = command.run.settings;
    assertEquals(
      { sources, notify, shareWith, prove },
      {
        sources: [{ engine: "mysql", kind: "url", value: "localhost:3306/orders" }],
        notify: undefined,
        shareWith: [],
        prove: false,
      },
    );
    assertEquals(command.confirmed, undefined);
    assertEquals(JSON.stringify(command.run).includes("me@"), false);
  });
}

const anyHost = "--mysql-hosts a";
const refusals: readonly {
  readonly name: string;
  readonly line: string | readonly string[];
  readonly environment?: Record<string, string>;
  readonly message: string;
  readonly hint: string;
}[] = [
  { name: "no source", line: "", message: "Cannot start: no source was named", hint: "--mysql-instances" },
  {
    name: "an unknown flag",
    line: `${anyHost} --frobnicate`,
    message: 'Cannot use "--frobnicate": there is no such option',
    hint: "--help",
  },
  {
    name: "a misspelt flag",
    line: `${anyHost} --dryrun`,
    message: 'Cannot use "--dryrun"',
    hint: "Did you mean --dry-run?",
  },
  {
    name: "an abbreviated flag",
    line: "--mysql-host a",
    message: 'Cannot use "--mysql-host"',
    hint: "Did you mean --mysql-hosts?",
  },
  { name: "a negated flag", line: `${anyHost} --no-dry-run`, message: 'Cannot use "--no-dry-run"', hint: "--dry-run" },
  {
    name: "a negated flag with a value",
    line: `${anyHost} --no-region=x`,
    message: 'Cannot use "--no-region"',
    hint: "--region",
  },
  {
    name: "a flag with one dash",
    line: `${anyHost} -dry-run`,
    message: 'Cannot use "-dry-run"',
    hint: "Did you mean --dry-run?",
  },
  { name: "an unknown letter", line: `${anyHost} -x`, message: 'Cannot use "-x"', hint: "--help" },
  {
    name: "a flag's own name on objects",
    line: `${anyHost} --__proto__=x`,
    message: "there is no such option",
    hint: "--help",
  },
  {
    name: "a missing value",
    line: "--mysql-hosts --dry-run",
    message: "Cannot use --mysql-hosts: its value is missing",
    hint: "--mysql-hosts HOST",
  },
  {
    name: "a missing value at the end",
    line: `${anyHost} --region`,
    message: "Cannot use --region: its value is missing",
    hint: "--region REGION",
  },
  {
    name: "an empty value",
    line: ["--mysql-hosts", ""],
    message: "Cannot use --mysql-hosts: its value is empty",
    hint: "HOST",
  },
  { name: "an empty value behind an equals sign", line: "--mysql-hosts=", message: "its value is empty", hint: "HOST" },
  {
    name: "a value of a flag",
    line: `${anyHost} --dry-run=false`,
    message: "Cannot use --dry-run: it takes no value",
    hint: "alone",
  },
  {
    name: "a value behind a flag",
    line: `${anyHost} --dry-run false`,
    message: "Cannot use --dry-run: it takes no value",
    hint: "alone",
  },
  {
    name: "an option of other commands",
    line: `${anyHost} --format json`,
    message: "Cannot use --format with a run: only scrubbers, strategies, status, review and plan take it",
    hint: "datascrubber plan",
  },
  {
    name: "a stray word",
    line: `${anyHost} --region eu-west-1 eu-west-2`,
    message: 'Cannot use "eu-west-2": unknown command or argument',
    hint: "behind its option",
  },
  { name: "a misspelt command", line: "scrubers", message: 'Cannot use "scrubers"', hint: "Did you mean scrubbers?" },
  { name: "two commands", line: "status scrub", message: 'Cannot use "scrub"', hint: "--help" },
  { name: "a double dash", line: `${anyHost} --region eu-west-1 -- b`, message: 'Cannot use "--"', hint: "--help" },
  {
    name: "options of a command without any",
    line: `man ${anyHost}`,
    message: 'Cannot use "--mysql-hosts" with man',
    hint: "alone",
  },
  {
    name: "a single value given twice",
    line: `${anyHost} --region eu-west-1 --region eu-west-2`,
    message: "Cannot use --region: it was given 2 times",
    hint: "once",
  },
  {
    name: "two kinds for one engine",
    line: `${anyHost} --mysql-instances b`,
    message: "Cannot use --mysql-hosts and --mysql-instances together",
    hint: "all of them by host",
  },
  {
    name: "two kinds in the environment",
    line: "",
    environment: { DATASCRUBBER_MYSQL_HOSTS: "a", DATASCRUBBER_MYSQL_SNAPSHOTS: "b" },
    message: "Cannot use DATASCRUBBER_MYSQL_HOSTS and DATASCRUBBER_MYSQL_SNAPSHOTS together",
    hint: "all of them by host",
  },
  {
    name: "the same source twice",
    line: "--mysql-instances a b A",
    message: 'Cannot use instance "a": it was named twice',
    hint: "once",
  },
  {
    name: "the same host twice",
    line: "--mysql-hosts db.example.com DB.example.com.",
    message: "it was named twice",
    hint: "once",
  },
  {
    name: "the same source for both engines",
    line: "--mysql-instances a --postgresql-instances a",
    message: 'Cannot use instance "a"',
    hint: "once",
  },
  {
    name: "an instance's ARN",
    line: "--mysql-instances arn:aws:rds:eu-west-1:123456789012:db:a",
    message: "can't be the name of an instance",
    hint: "letters, digits",
  },
  {
    name: "two hyphens in an instance",
    line: "--mysql-instances a--b",
    message: "can't be the name of an instance",
    hint: "single hyphens",
  },
  {
    name: "an instance of 64 characters",
    line: `--mysql-instances ${"a".repeat(64)}`,
    message: "can't be the name of an instance",
    hint: "identifier",
  },
  {
    name: "an ARN that is no snapshot's",
    line: "--mysql-snapshots arn:aws:rds:eu-west-1:123456789012:cluster:a",
    message: "can't be the name of a snapshot",
    hint: "the ARN of an Aurora cluster snapshot",
  },
  {
    name: "a host with a port",
    line: "--mysql-hosts db:3306",
    message: 'Cannot use --mysql-hosts: "db:3306"',
    hint: "without a scheme or port",
  },
  {
    name: "a URL as host",
    line: "--mysql-hosts mysql://db",
    message: "can't be the name of a host",
    hint: "without a scheme or port",
  },
  { name: "commas in a list", line: "--mysql-hosts a,b", message: "can't be the name of a host", hint: "name alone" },
  {
    name: "an account of 9 digits",
    line: `${anyHost} --share-with 123456789`,
    message: 'Cannot use --share-with: "123456789" is not an AWS account id of 12 digits',
    hint: "made up",
  },
  {
    name: "an account with hyphens",
    line: `${anyHost} --share-with 1234-5678-9012`,
    message: "12 digits",
    hint: "digits alone",
  },
  { name: "the account all", line: `${anyHost} --share-with all`, message: "12 digits", hint: "digits alone" },
  {
    name: "21 accounts",
    line: [
      "--mysql-hosts",
      "a",
      "--share-with",
      ...Array.from({ length: 21 }, (_, at) => String(at).padStart(12, "0")),
    ],
    message: "Cannot use --share-with: 21 accounts",
    hint: "Leave some out",
  },
  {
    name: "a duration that is none",
    line: `${anyHost} --timeout soon`,
    message: 'Cannot use --timeout: "soon" is not a duration',
    hint: "from 600ms to 7d, such as 90m; a bare number is minutes",
  },
  {
    name: "a number in another base",
    line: `${anyHost} --concurrency 0x2`,
    message: "is not a number",
    hint: "whole number",
  },
  {
    name: "a number with an exponent",
    line: `${anyHost} --concurrency 1e1`,
    message: "is not a number",
    hint: "whole number",
  },
  {
    name: "a fraction of a whole number",
    line: `${anyHost} --snapshot-retention 1.5`,
    message: "is not a whole number",
    hint: "from 0 to 1000",
  },
  {
    name: "a negative number",
    line: `${anyHost} --snapshot-retention -1`,
    message: '"-1" is not within 0 to 1000',
    hint: "from 0 to 1000",
  },
  {
    name: "a number that is too great",
    line: `${anyHost} --concurrency 65`,
    message: "is not within 1 to 64",
    hint: "whole number",
  },
  { name: "no time at all", line: `${anyHost} --timeout 0`, message: "is not within", hint: "from 600ms" },
  {
    name: "a log mode that is none",
    line: `${anyHost} --log-mode sylog`,
    message: 'Cannot use --log-mode: "sylog" is not one of console, syslog',
    hint: "Did you mean syslog?",
  },
  {
    name: "a misspelt level",
    line: `${anyHost} --log-level warn`,
    message: '"warn" is not one of',
    hint: "Did you mean WARNING?",
  },
  {
    name: "a log format that is none",
    line: `${anyHost} --log-format xml`,
    message: "text, json",
    hint: "Choose one of",
  },
  {
    name: "another fate of unknown databases",
    line: `${anyHost} --unknown-databases keep`,
    message: "refuse, drop",
    hint: "--keep-database",
  },
  {
    name: "a choice from the environment",
    line: anyHost,
    environment: { DATASCRUBBER_LOG_LEVEL: "LOUD" },
    message: "Cannot use DATASCRUBBER_LOG_LEVEL",
    hint: "Choose one of",
  },
  {
    name: "a flag's variable that is neither true nor false",
    line: anyHost,
    environment: { DATASCRUBBER_DRY_RUN: "maybe" },
    message: 'Cannot use DATASCRUBBER_DRY_RUN: "maybe"',
    hint: "true or false",
  },
  {
    name: "a misspelt variable",
    line: anyHost,
    environment: { DATASCRUBBER_DRYRUN: "true" },
    message: 'Cannot use the environment variable "DATASCRUBBER_DRYRUN"',
    hint: "Did you mean DATASCRUBBER_DRY_RUN?",
  },
  {
    name: "a missing CA file",
    line: `${anyHost} --tls-ca nowhere.pem`,
    message: 'Cannot read --tls-ca: "nowhere.pem" does not exist',
    hint: "Check the path",
  },
  {
    name: "a CA file without certificates",
    line: `${anyHost} --tls-ca text.txt`,
    message: "does not hold certificates in PEM",
    hint: "BEGIN CERTIFICATE",
  },
  {
    name: "a CA file that was cut off",
    line: `${anyHost} --tls-ca cut.pem`,
    message: "does not hold certificates in PEM",
    hint: "whole",
  },
  {
    name: "a missing key file",
    line: `${anyHost} --pseudonym-key-file nowhere`,
    message: "Cannot read --pseudonym-key-file",
    hint: "Check the path",
  },
  {
    name: "a key of 31 bytes",
    line: `${anyHost} --pseudonym-key-file short-key`,
    message: "holds fewer than 32 bytes",
    hint: "head -c 32 /dev/urandom",
  },
  {
    name: "a report in a folder that is not there",
    line: `${anyHost} --report gone/r.json`,
    message: 'Cannot write --report: no file can be made at "gone/r.json"',
    hint: "folder that exists",
  },
  {
    name: "a control character",
    line: ["--mysql-hosts", "a", "--region", "eu\x1b[31m"],
    message: 'Cannot use --region: "eu\\x1b[31m" holds a control character',
    hint: "control character",
  },
  {
    name: "a NUL in a database's name",
    line: ["--mysql-hosts", "a", "--keep-database", "a\0b"],
    message: '"a\\x00b" holds a control character',
    hint: "control character",
  },
  {
    name: "a database without a source before its slash",
    line: `${anyHost} --keep-database /x`,
    message: 'Cannot use --keep-database: "/x" is not SOURCE/NAME',
    hint: "first slash",
  },
  {
    name: "a source without a database",
    line: `${anyHost} --drop-database s/`,
    message: 'Cannot use --drop-database: "s/" is not SOURCE/NAME',
    hint: "first slash",
  },
  {
    name: "a database both kept and dropped",
    line: `${anyHost} --keep-database x --drop-database x`,
    message: 'Cannot both keep "x" and drop "x"',
    hint: "--keep-database or --drop-database",
  },
  {
    name: "a database kept everywhere and dropped in one source",
    line: `${anyHost} --keep-database x --drop-database s/x`,
    message: 'Cannot both keep "x" and drop "s/x"',
    hint: "Leave it out",
  },
  {
    name: "a region that can't be one",
    line: `${anyHost} --region Ireland`,
    message: 'Cannot use --region: "Ireland"',
    hint: "eu-west-1",
  },
  {
    name: "a DNS server by name",
    line: `${anyHost} --dns-server dns.example.com`,
    message: "is not ADDRESS or ADDRESS:PORT",
    hint: "IP address",
  },
  {
    name: "a DNS server's port that is none",
    line: `${anyHost} --dns-server 127.0.0.1:65536`,
    message: "is not ADDRESS or ADDRESS:PORT",
    hint: "IP address",
  },
];

for (const { name, line, environment, message, hint } of refusals) {
  Deno.test(`parseCommandLine() refuses ${name}`, async () => {
    const error = await assertRejects(() => parse(line, environment), ScrubError, message);
    assertEquals(error.kind, "usage");
    assertMatch(error.message, /^Cannot [^\n]+: [^\n]+[^.]$/);
    assertStringIncludes(error.hint, hint);
  });
}

Deno.test("parseCommandLine() takes a database that is kept in one source and dropped in another", async () => {
  const { keepDatabases, dropDatabases } = await settings("--mysql-hosts a --keep-database s/x --drop-database t/x");
  assertEquals([keepDatabases.length, dropDatabases.length], [1, 1]);
});

for (const server of ["192.0.2.1", "192.0.2.1:53", "::1", "2001:db8::53", "[2001:db8::53]:5353"]) {
  Deno.test(`parseCommandLine() takes the DNS server ${server}`, async () => {
    assertEquals((await settings(`--mysql-hosts a --dns-server ${server}`)).dnsServer, server);
  });
}

Deno.test("finish takes what a run is configured with, but not its report", async () => {
  assertEquals(await parse("finish Orders blog --config nightly.yaml"), {
    command: "finish",
    region: undefined,
    sources: ["orders", "blog"],
    shareWith: ["123456789012"],
    snapshotRetention: 2,
    timeout: 5_400_000,
    pollInterval: 20_000,
    snapshotTimeout: 10_800_000,
    logLevel: "INFO",
  });
});

Deno.test("--clone is for clusters, and for hosts, which may lead to one", async () => {
  const both = ["--postgresql-clusters db --clone", "--postgresql-hosts db --clone"];
  assertEquals(await Promise.all(both.map(async (args) => (await settings(args)).clone)), [true, true]);
});

Deno.test("--fresh-snapshot and --max-age say which snapshot is restored", async () => {
  const { freshSnapshot, maxAge } = await settings("--mysql-instances db --fresh-snapshot --max-age 26");
  assertEquals([freshSnapshot, maxAge], [true, 93_600_000]);
});

Deno.test("--final-snapshot says how the final snapshot is made", async () => {
  assertEquals((await settings("--mysql-hosts db --final-snapshot create")).finalSnapshot, "create");
});

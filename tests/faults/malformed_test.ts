/** What cannot be understood is refused with a clear error: command lines, rules, answers of AWS. @module */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { parseCommandLine } from "../../lib/cli/command_line.ts";
import { systemFiles } from "../../lib/cli/parse/files.ts";
import { options } from "../../lib/cli/options/options.ts";
import { createRds, type Rds } from "../../lib/rds/api/client.ts";
import { visible } from "../../lib/core/visible.ts";
import { ScrubError } from "../../lib/core/errors.ts";
import { bind } from "../../lib/scrub/rules/bind.ts";
import type { Schema } from "../../lib/engine/schema.ts";
import { never, Notes } from "../rds/local.ts";
import { scrubberOf } from "../scrub/scrub_fixture.ts";

/** A clear error says what cannot be done and what to do, in one line of printable characters. */
function assertClear(error: unknown, input: string): void {
  assert(error instanceof ScrubError, `${input}: ${error}`);
  assertMatch(error.message, /^Cannot /, input);
  assert(error.hint.length > 10, input);
  assert(error.message.length < 1500, `${input}: ${error.message.length} characters`);
  // deno-lint-ignore no-control-regex
  assert(!/[\x00-\x1f\x7f\x9b]/.test(error.message), `${input}: ${JSON.stringify(error.message)}`);
}

const source = ["--postgresql-instances", "prod"];
const badNumbers = ["", "x", "1e3", "-1", "0x10", "1,5", "١", "NaN", "Infinity", "9".repeat(40)];
const badChoices = ["", "yes", "REFUSED!", "refuse ", "\x1b[31m", "x".repeat(5000)];
const badSources = [
  "",
  " ",
  "a b",
  "-x",
  "a--b",
  "a-",
  "1a",
  "ä",
  "a.b",
  "a/b",
  "a;b",
  "a\nb",
  "a\x1b[31m",
  "x".repeat(64),
  "arn:aws:rds:eu-west-1:1:db:x",
  "\u202ea",
];
const badAccounts = ["1", "12345678901", "1234567890123", "all", "*", "12345678901x", "１２３４５６７８９０１２", "-1"];

const commandLines: readonly (readonly string[])[] = [
  [],
  ["scrub"],
  ["sweep", "prod"],
  ["sweep", ...source],
  ["sweep", "--kms-key", "x"],
  ["swep"],
  ["--unknown"],
  ["---"],
  ["--="],
  ["--\x1b[31m"],
  ["prod"],
  [...source, "--dry-run=maybe"],
  [...source, "--wait", "5"],
  [...source, "--config", "/nonexistent"],
  [...source, "--config", "/"],
  [...source, "--reviewed", "/nonexistent"],
  [...source, "--tls-ca", "/nonexistent"],
  [...source, "--tls-ca", "/etc/hostname"],
  [...source, "--pseudonym-key-file", "/dev/null"],
  [...source, "--report", "/nonexistent/report"],
  [...source, "--region", "Europe"],
  [...source, "--dns-server", "nowhere"],
  [...source, "--share-with", ...Array.from({ length: 21 }, (_, n) => String(100000000000 + n))],
  ...options.filter(({ kind }) => kind === "number" || kind === "duration").flatMap(({ name }) =>
    badNumbers.map((value) => [...source, `--${name}=${value}`])
  ),
  // --format is another command's.
  ...options.filter(({ kind, name }) => kind === "choice" && name !== "format").flatMap(({ name }) =>
    badChoices.map((value) => [...source, `--${name}=${value}`])
  ),
  ...badSources.map((value) => [`--postgresql-instances=${value}`]),
  ...badSources.map((value) => [`--mysql-snapshots=${value}`]).filter(([value]) =>
    !value?.includes("arn:") && !value?.endsWith("x".repeat(64))
  ),
  ...badAccounts.map((value) => [...source, `--share-with=${value}`]),
];

Deno.test(`${commandLines.length} malformed command lines are refused, each with a clear error`, async () => {
  assert(commandLines.length > 120);
  for (const args of commandLines) {
    const outcome = await parseCommandLine(args, {}, systemFiles).then(() => "taken", (error) => error);
    assertClear(outcome, JSON.stringify(args).slice(0, 200));
    assertEquals(outcome.kind, "usage", JSON.stringify(args));
  }
});

const schema: Schema = {
  database: "d",
  tables: [{
    id: "people",
    schema: "public",
    name: "people",
    kind: "table",
    columns: [],
    primaryKey: ["id"],
    uniqueKeys: [],
    rows: 0,
    bytes: 0,
    obstacles: [],
  }],
  foreignKeys: [],
} as unknown as Schema;

const badRules: readonly unknown[] = [
  { nobody: { columns: {} } },
  { people: { columns: { nothing: { strategy: "email" } } } },
  { people: { columns: { id: { strategy: "no such strategy" } } } },
  { people: { columns: {}, deleteRows: "no such selection" } },
  { people: { columns: { nothing: { strategy: "email", only: "no such selection" } } } },
  { "": { columns: {} } },
  { "pub.people": { columns: {} } },
  { "people\x1b[31m": { columns: {} } },
  { people: { columns: { "x\ny": { strategy: "setNull" } } } },
  { __proto__x: { columns: {} } },
];

Deno.test("malformed rules are refused, each with a clear error", () => {
  for (const tables of badRules) {
    let outcome: unknown = "taken";
    try {
      bind(scrubberOf("postgresql", tables as Parameters<typeof scrubberOf>[1]), schema);
    } catch (error) {
      outcome = error;
    }
    // What rules are called by their author is made visible where it is printed.
    assert(outcome instanceof ScrubError, JSON.stringify(tables));
    assertClear(new ScrubError(outcome.code, visible(outcome.message), outcome.hint), JSON.stringify(tables));
  }
});

const instance = (more: string) =>
  `<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances>${more}</DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`;
const full = "<DBInstanceIdentifier>x</DBInstanceIdentifier><DbiResourceId>db-X</DbiResourceId>" +
  "<DBInstanceArn>arn:aws:rds:eu-west-1:1:db:x</DBInstanceArn><DBInstanceStatus>available</DBInstanceStatus>";

/** Answers with status 200 unless another one is given. */
const answers: readonly { readonly body: string; readonly status?: number }[] = [
  { body: "" },
  { body: " " },
  { body: "null" },
  { body: "{}" },
  { body: "<" },
  { body: "<a" },
  { body: "<html><body>Login</body></html>" },
  { body: "<?xml version='1.0'?>" },
  { body: "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>" },
  {
    body: `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${
      instance("<DBInstance><DBInstanceIdentifier>&b;</DBInstanceIdentifier></DBInstance>")
    }`,
  },
  { body: instance("") },
  { body: instance("<DBInstance/>") },
  { body: instance("<member/>") },
  { body: instance(`<DBInstance>${full}</DBInstance><DBInstance>${full}</DBInstance>`) },
  { body: instance(`<DBInstance>${full.replace("db-X", "")}</DBInstance>`) },
  { body: instance(`<DBInstance>${full.replace(">x<", ">other<")}</DBInstance>`) },
  { body: instance(`<DBInstance>${full}</DBInstance>`).slice(0, 120) },
  { body: instance(`<DBInstance>${full}</DBInstance>`).slice(0, 300) },
  { body: instance(`<DBInstance>${full}<InstanceCreateTime>yesterday</InstanceCreateTime></DBInstance>`) },
  { body: `${"<a>".repeat(5000)}` },
  { body: `<a>${"x".repeat(100_000)}</a>` },
  { body: "\0\0\0" },
  { body: "\ufeff<a/>" },
  {
    body: "<ErrorResponse><Error><Code>\x1b[31m</Code><Message>\x1b[2J\nforged line</Message></Error></ErrorResponse>",
    status: 400,
  },
  {
    body: `<ErrorResponse><Error><Code>X</Code><Message>${"y".repeat(100_000)}</Message></Error></ErrorResponse>`,
    status: 400,
  },
  { body: "<ErrorResponse><Error></Error></ErrorResponse>", status: 400 },
  { body: "<ErrorResponse/>", status: 403 },
  { body: "", status: 403 },
  { body: "not found", status: 404 },
  { body: "", status: 500 },
  { body: "<html>Bad gateway</html>", status: 502 },
  { body: "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>", status: 400 },
  { body: "", status: 301 },
  { body: "teapot", status: 418 },
];

const calls: readonly (readonly [name: string, call: (rds: Rds) => Promise<unknown>])[] = [
  ["instance", (rds) => rds.instance("x", never)],
  ["instances", (rds) => rds.instances(never)],
  ["snapshot", (rds) => rds.snapshot("x", never)],
  ["snapshots", (rds) => rds.snapshots({ instance: "x", type: "manual" }, never)],
  ["deleteInstance", (rds) => rds.deleteInstance("x", undefined, never)],
  ["deleteSnapshot", (rds) => rds.deleteSnapshot("x", never)],
  ["share", (rds) => rds.share("x", ["123456789012"], never)],
  ["sharedWith", (rds) => rds.sharedWith("x", never)],
  ["copySnapshot", (rds) => rds.copySnapshot({ from: "x", to: "y", key: "k", tags: {} }, never)],
];

/** An empty list is what it says; elements of another name the SDK passes over. */
const mayBeTaken = new Set([`instances: ${instance("")}`, `instances: ${instance("<member/>")}`]);

Deno.test(`${answers.length * calls.length} malformed answers of AWS are refused, and none means "gone"`, async () => {
  let answer = answers[0];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response(answer?.body, { status: answer?.status ?? 200, headers: { "content-type": "text/xml" } }),
  );
  using rds = createRds({
    region: "eu-west-1",
    log: new Notes(),
    maxAttempts: 1,
    requestTimeout: 5000,
    endpoint: { url: `http://127.0.0.1:${server.addr.port}`, accessKeyId: "a", secretAccessKey: "b" },
  });
  for (const [name, call] of calls) {
    for (const one of answers) {
      answer = one;
      const input = `${name}: ${one.body}`;
      const outcome = await call(rds).then((value) => `taken as ${JSON.stringify(value)}`, (error) => error);
      if (typeof outcome === "string" && name === "instances" && /DBInstance>/.test(one.body)) continue;
      if (mayBeTaken.has(input)) assertEquals(outcome, "taken as []");
      else assertClear(outcome, `${input.slice(0, 200)} (${one.status ?? 200})`);
    }
  }
  await server.shutdown();
});

/** What the operator gets of a whole run: reports, evidence, metrics, alerts, dumps, status. @module */

import { generateKeyPairSync } from "node:crypto";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { ExportReport } from "../../lib/core/report.ts";
import { keys } from "../../scripts/local_rds/kms.ts";
import type { LocalRds } from "../../scripts/local_rds/local_rds.ts";
import { type StandIn, standIn } from "../notify/stand_in.ts";
import { bucketOwner, type LocalS3, startLocalS3 } from "../export/local_s3.ts";
import { MARK, MARK_UUID } from "../fixtures/mark.ts";
import { runProgram, startProgram } from "../fleet/program.ts";
import { findChromium, openPage } from "../report/browser.ts";
import { faultsOf } from "../report/json_schema.ts";
import { commonArguments, instances, leftIn, nothing, receiver, smallStage } from "./stage.ts";

const pgDump = new URL("../../.tools/postgresql-client/pg_dump", import.meta.url).pathname;
const chromium = await findChromium();

/** Everybody whom a run tells something, and the arguments that name them. */
interface Audience extends AsyncDisposable {
  readonly folder: string;
  readonly s3: LocalS3;
  readonly icinga: StandIn;
  readonly webhook: { readonly bodies: string[] };
  readonly args: readonly string[];
}

async function audience(answer: number | "hang" = 200): Promise<Audience> {
  await using undo = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "operator-" });
  undo.defer(() => Deno.remove(folder, { recursive: true }));
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  await Deno.writeTextFile(`${folder}/sign.pem`, String(privateKey.export({ type: "pkcs8", format: "pem" })));
  await Deno.writeTextFile(`${folder}/public.pem`, String(publicKey.export({ type: "spki", format: "pem" })));
  const s3 = undo.use(startLocalS3());
  const icinga = undo.use(await standIn());
  const bodies: string[] = [];
  const hanging = Promise.withResolvers<void>();
  const webhook = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    bodies.push(await request.text());
    if (answer === "hang") await hanging.promise;
    return new Response(null, { status: answer === "hang" ? 200 : answer });
  });
  undo.defer(() => webhook.shutdown());
  undo.defer(() => hanging.resolve());
  const owned = undo.move();
  return {
    folder,
    s3,
    icinga,
    webhook: { bodies },
    args: [
      ...["--report", `${folder}/run.json`, "--report-html", `${folder}/run.html`],
      ...["--metrics-file", `${folder}/run.prom`, "--sign-key", `${folder}/sign.pem`],
      ...["--icinga-host", "monitoring.example", "--send-nsca", icinga.path],
      ...["--notify", `http://127.0.0.1:${webhook.addr.port}/hook/secret-word`],
    ],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function exporting(
  { s3 }: Audience,
): { readonly args: readonly string[]; readonly environment: Record<string, string> } {
  const { AWS_ENDPOINT_URL_S3 = "" } = s3.environment;
  return { args: ["--s3-export", "s3://dumps/nightly", "--pg-dump", pgDump], environment: { AWS_ENDPOINT_URL_S3 } };
}

function commandLine(rds: LocalRds, more: readonly string[], instance: string = instances.postgresql): string[] {
  return ["--postgresql-instances", instance, "--share-with", receiver, ...more, ...commonArguments(rds)];
}

const hasPgDump = await Deno.stat(pgDump).then(() => true, () => false);

Deno.test(`a run tells everybody who wants to know, and no value of a row${hasPgDump ? "" : " (no dumps: no pg_dump)"}`, async (t) => {
  await using rds = await smallStage();
  await using there = await audience();
  const dumps = hasPgDump ? exporting(there) : { args: [], environment: {} };
  const result = await runProgram(commandLine(rds, [...there.args, ...dumps.args]), {
    ...rds.environment,
    ...dumps.environment,
  });
  assertEquals(result.code, 0, result.stderr);
  const [snapshot = ""] = rds.made();
  const json = await Deno.readTextFile(`${there.folder}/run.json`);
  const html = await Deno.readTextFile(`${there.folder}/run.html`);
  const metrics = await Deno.readTextFile(`${there.folder}/run.prom`);

  await t.step("the report fits the schema that the program prints", async () => {
    const { stdout } = await runProgram(["report", "schema"]);
    assertEquals(faultsOf(JSON.parse(stdout), JSON.parse(json)), []);
  });

  await t.step("the report says in which account, as whom, and under which keys", () => {
    const { aws, sources: [{ restored, snapshotEncryption, exports = [] }] } = JSON.parse(json);
    const caller = `arn:aws:sts::${rds.account}:assumed-role/datascrubber/nightly`;
    assertEquals(aws, { region: rds.region, account: rds.account, caller });
    const encryption = { encrypted: true, kmsKey: `arn:aws:kms:${rds.region}:${rds.account}:key/${keys.customer}` };
    assertEquals([restored.encryption, snapshotEncryption], [encryption, encryption]);
    assertEquals(exports.map(({ bucketOwner }: ExportReport) => bucketOwner), hasPgDump ? [bucketOwner] : []);
  });

  await t.step("nothing that is written or sent holds a mark of the data", async () => {
    const everything = {
      ...{ json, html, metrics, ...result, code: "" },
      icinga: await there.icinga.received(),
      webhook: there.webhook.bodies.join("\n"),
    };
    for (const [what, text] of Object.entries(everything)) {
      for (const mark of [MARK, MARK_UUID]) assert(!text.toLowerCase().includes(mark), `${what} holds ${mark}`);
    }
  });

  await t.step("the webhook's URL is in no output", () => {
    for (const text of [json, html, metrics, result.stdout, result.stderr]) assert(!text.includes("secret-word"));
  });

  await t.step("Icinga gets OK for the scrubbed database", async () => {
    const text = await there.icinga.received();
    const address = "\\d+\\.\\d+\\.\\d+\\.\\d+";
    const line =
      `${address}\tGOV\\.UK data scrubber email-alert-api\t0\tOK: snapshot ${snapshot}, shared with ${receiver}\n`;
    assert(new RegExp(`^${line}$`).test(text), text);
  });

  await t.step("the webhook is told the snapshot", () => {
    const [body = "{}"] = there.webhook.bodies;
    assertEquals(JSON.parse(body).sources[0].snapshot, snapshot);
    assertEquals(there.webhook.bodies.length, 1);
  });

  await t.step("the metrics say that it went well", () => {
    assertStringIncludes(
      metrics,
      `datascrubber_last_run_success{source="${instances.postgresql}",engine="postgresql"} 1`,
    );
  });

  if (hasPgDump) {
    await t.step("the dump is in S3 under the name that people know", () => {
      const names = [...there.s3.objects.keys()];
      assertEquals(names.length, 1);
      assert(
        /^nightly\/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-email-alert-api_production\.sql\.gz$/.test(names[0] ?? ""),
        names[0],
      );
      assertEquals(JSON.parse(json).sources[0].exports[0].object, `s3://dumps/${names[0]}`);
    });
  }

  await t.step("an account that was changed in the report no longer belongs to the snapshot", async () => {
    await Deno.writeTextFile(
      `${there.folder}/moved.json`,
      json.replace(`"account": "${rds.account}"`, '"account": "999988887777"'),
    );
    const moved = await runProgram(["verify-report", `${there.folder}/moved.json`, snapshot], rds.environment);
    assertEquals([moved.code, moved.stdout.includes("does not belong")], [3, true], moved.stderr);
  });

  await t.step("the snapshot and its report belong together, and another report does not", async () => {
    const check = (file: string) => runProgram(["verify-report", file, snapshot], rds.environment);
    const good = await check(`${there.folder}/run.json`);
    assertEquals([good.code, good.stdout.includes("belongs to snapshot")], [0, true], good.stderr);
    await Deno.writeTextFile(`${there.folder}/other.json`, json.replace('"rowsDeleted": 0', '"rowsDeleted": 1'));
    const bad = await check(`${there.folder}/other.json`);
    assertEquals([bad.code, bad.stdout.includes("does not belong")], [3, true], bad.stderr);
  });

  await t.step("the report is signed, beside it and in the snapshot's tag, and another report is not", async () => {
    const key = ["--public-key", `${there.folder}/public.pem`];
    const online = await runProgram(["verify-report", `${there.folder}/run.json`, snapshot, ...key], rds.environment);
    assertEquals([online.code, online.stdout.includes("signed with this key")], [0, true], online.stderr);
    const offline = await runProgram(["verify-report", `${there.folder}/run.json`, ...key], {});
    assertEquals([offline.code, offline.stdout.includes("signed with this key")], [0, true], offline.stderr);
    await Deno.copyFile(`${there.folder}/run.json.intoto.json`, `${there.folder}/other.json.intoto.json`);
    const bad = await runProgram(["verify-report", `${there.folder}/other.json`, ...key], {});
    assertEquals([bad.code, bad.stdout.includes("not signed")], [3, true], bad.stderr);
  });

  await t.step("status lists the snapshot", async () => {
    const { code, stdout } = await runProgram(["status", "--format", "json"], rds.environment);
    const { items } = JSON.parse(stdout);
    assertEquals([code, items.length], [0, 1]);
    assertEquals([items[0].id, items[0].state, items[0].sharedWith], [snapshot, "scrubbed", [receiver]]);
  });

  if (chromium !== undefined) {
    await t.step("the page loads in a browser without a complaint", async () => {
      await using page = await openPage(chromium, `${there.folder}/run.html`);
      assertEquals([page.complaints, page.requests], [[], []]);
    });
  }
});

if (hasPgDump) {
  Deno.test("a dump that can't be uploaded fails the run before anything is shared", async () => {
    await using rds = await smallStage();
    await using there = await audience(500);
    const { args, environment } = exporting(there);
    there.s3.fault("put", "403", 99);
    const result = await runProgram(commandLine(rds, [...there.args, ...args]), { ...rds.environment, ...environment });
    assertEquals(result.code, 1, result.stderr);
    assertEquals(await leftIn(rds), nothing);
    assertStringIncludes(result.stdout, "AccessDenied");
    assertStringIncludes(await there.icinga.received(), "data scrubber email-alert-api\t2\tCRITICAL: ");
    assertEquals(there.s3.objects.size, 0);
  });

  Deno.test("a run that is stopped during its upload leaves nothing in S3 or RDS", async () => {
    await using rds = await smallStage();
    await using there = await audience();
    const { args, environment } = exporting(there);
    there.s3.fault("put", "hang", 99);
    const program = startProgram(commandLine(rds, [...there.args, ...args]), { ...rds.environment, ...environment });
    await Promise.race([there.s3.until("put"), program.ended()]);
    program.kill("SIGTERM");
    const result = await program.ended();
    assertEquals(result.code, 143, result.stderr);
    assertEquals([there.s3.objects.size, there.s3.uploads.size], [0, 0]);
    assertEquals(await leftIn(rds), nothing);
    assertStringIncludes(await there.icinga.received(), "\t2\tCRITICAL: ");
  });
}

Deno.test("a run that fails before its databases are known is CRITICAL for all of its engine; a hanging webhook changes nothing", async () => {
  await using rds = await smallStage({ servers: false });
  await using there = await audience("hang");
  const result = await runProgram(commandLine(rds, there.args, "nowhere"), rds.environment);
  assertEquals(result.code, 1, result.stderr);
  const lines = (await there.icinga.received()).trimEnd().split("\n").map((line) =>
    line.split("\t").slice(1, 3).join(" ")
  );
  assertEquals(lines.toSorted(), ["GOV.UK data scrubber email-alert-api 2", "GOV.UK data scrubber publishing_api 2"]);
  assertStringIncludes(result.stderr, "The webhook was not called: the receiver did not answer in time");
  const { stdout } = await runProgram(["report", "schema"]);
  assertEquals(faultsOf(JSON.parse(stdout), JSON.parse(await Deno.readTextFile(`${there.folder}/run.json`))), []);
});
